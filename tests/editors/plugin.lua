-- What the plugin adds: lenses, :ConvLsp and the health check. What is asked of the person is
-- answered from `given.answers`, and recorded.
local ok, message = pcall(function()
  local e, given = _G.editor, _G.editor.given
  local result = { asked = {}, told = {} }
  vim.ui.select = function(items, options, done)
    table.insert(result.asked, { prompt = options.prompt, items = items })
    done(table.remove(given.answers, 1))
  end
  vim.ui.input = function(options, done)
    table.insert(result.asked, { prompt = options.prompt, default = options.default })
    done(table.remove(given.answers, 1))
  end
  vim.notify = function(text) table.insert(result.told, text) end

  local buf, client = e.open()
  local function at(line)
    for _, hint in ipairs(e.hints(buf)) do
      if hint[1] == line - 1 then return hint[3] end
    end
  end
  local function shown(line, part)
    e.until_('hint ' .. part, function() return (at(line) or ''):find(part, 1, true) ~= nil end)
  end
  shown(given.layer, given.first)

  -- Lenses are drawn behind their lines, as virtual text.
  local function lens_at(line)
    local space = vim.api.nvim_create_namespace('nvim.lsp.codelens:' .. client.id)
    local marks = vim.api.nvim_buf_get_extmarks(buf, space, { line - 1, 0 }, { line - 1, -1 }, { details = true })
    return marks[1] and marks[1][4].virt_text[1][1]
  end
  e.until_('lens', function() return lens_at(given.class) ~= nil end)
  result.lens = lens_at(given.class)

  -- The lens at the cursor asks which context; so does :ConvLsp contexts.
  e.go(given.layer)
  e.command('ConvLsp lens')
  shown(given.layer, given.second)
  e.until_('lens of the choice', function() return (lens_at(given.class) or ''):find('2 of 2', 1, true) end)
  e.command('ConvLsp contexts')
  shown(given.layer, given.first)

  -- An input, told and asked for.
  e.go(given.free)
  e.command('ConvLsp input (5, 7)')
  e.until_('comment', function() return e.text(buf)[given.free]:find('input (5, 7)', 1, true) end)
  shown(given.free + 7, '(5, 4)')
  e.go(given.free + 1)
  e.command('ConvLsp input')
  e.until_('other comment', function() return e.text(buf)[given.free]:find('input (6, 7)', 1, true) end)
  result.comment = e.text(buf)[given.free]
  result.lines = #e.text(buf)

  -- What is wrong is told in words.
  e.command('ConvLsp input (1, 2')
  e.until_('complaint', function() return vim.fn.execute('messages'):find('is no input', 1, true) end)
  e.command('ConvLsp nonsense')
  result.completed = vim.fn.getcompletion('ConvLsp ', 'cmdline')
  result.narrowed = vim.fn.getcompletion('ConvLsp lo', 'cmdline')

  e.command('ConvLsp restart')
  e.until_('another server', function()
    local now = vim.lsp.get_clients({ bufnr = buf, name = 'conv_lsp' })[1]
    return now and now.id ~= client.id and now.initialized
  end)
  shown(given.layer, given.first)

  vim.cmd('checkhealth conv_lsp')
  result.health = e.text(0)
  vim.cmd.bdelete()
  vim.cmd.helptags(given.plugin .. '/doc')
  vim.cmd.help(':ConvLsp')
  result.help = vim.fn.expand('%:t')
  e.report(result)
  vim.cmd('qall!')
end)
if not ok then
  _G.editor.fail(tostring(message))
end

-- A person's configuration: the plugin that the project ships, and the server under test.
local given = vim.json.decode(vim.env.CONV_LSP_TEST)
vim.opt.runtimepath:prepend(given.plugin)
vim.lsp.config('conv_lsp', { cmd = given.server, settings = { ['conv-lsp'] = given.settings } })
vim.lsp.enable('conv_lsp')
vim.diagnostic.config({ virtual_lines = false, virtual_text = false, signs = true })
vim.o.columns = given.columns or 100
vim.o.lines = given.lines or 40
vim.o.number = true
vim.o.swapfile = false

local M = { given = given }

function M.fail(what)
  local file = assert(io.open(given.report .. '.failure', 'w'))
  file:write(what)
  file:close()
  vim.cmd('cquit! 1')
end

-- Let the editor work until something holds; fail with its name if it never does.
function M.until_(name, condition)
  if not vim.wait(given.patience or 30000, condition, 10) then
    M.fail('never happened: ' .. name)
  end
end

function M.open()
  vim.cmd.edit(given.file)
  vim.bo.filetype = 'python'
  local buf = vim.api.nvim_get_current_buf()
  local function client()
    return vim.lsp.get_clients({ bufnr = buf, name = 'conv_lsp' })[1]
  end
  M.until_('attach', function()
    return client() and client().initialized
  end)
  return buf, client()
end

function M.hints(buf)
  local found = {}
  for _, item in ipairs(vim.lsp.inlay_hint.get({ bufnr = buf })) do
    local hint = item.inlay_hint
    local label = hint.label
    if type(label) == 'table' then
      label = table.concat(vim.tbl_map(function(part) return part.value end, label))
    end
    table.insert(found, { hint.position.line, hint.position.character, label })
  end
  table.sort(found, function(a, b)
    return a[1] < b[1]
  end)
  return found
end

function M.diagnostics(buf)
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(buf)) do
    table.insert(found, {
      line = d.lnum, col = d.col, end_col = d.end_col, code = d.code,
      message = d.message, source = d.source, severity = d.severity,
    })
  end
  return found
end

function M.float()
  for _, win in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(win).relative ~= '' then
      local buf = vim.api.nvim_win_get_buf(win)
      return vim.api.nvim_buf_get_lines(buf, 0, -1, false)
    end
  end
end

function M.go(line, column)
  vim.api.nvim_win_set_cursor(0, { line, column or 0 })
end

-- Type a command line, as a person does.
function M.command(text)
  vim.api.nvim_feedkeys(vim.keycode(':' .. text .. '<CR>'), 'xt', false)
end

function M.text(buf)
  return vim.api.nvim_buf_get_lines(buf, 0, -1, false)
end

function M.report(result)
  local file = assert(io.open(given.report, 'w'))
  file:write(vim.json.encode(result))
  file:close()
end

_G.editor = M

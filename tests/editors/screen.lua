-- Inside the terminal: show a file with its hints, do what is asked, and say when it is drawn.
local e, given = _G.editor, _G.editor.given

local function guarded(work)
  return function()
    local ok, message = pcall(work)
    if not ok then
      e.fail(tostring(message))
    end
  end
end

guarded(function()
  local buf = e.open()
  e.until_('hints', function() return #vim.lsp.inlay_hint.get({ bufnr = buf }) > 0 end)
  vim.diagnostic.config({ virtual_text = given.messages, signs = true })
  if given.line then
    vim.api.nvim_win_set_cursor(0, { given.line, given.column })
    vim.cmd('normal! zt')
  end
  -- Later: the event of the cursor's own movement would close the hover.
  vim.defer_fn(guarded(function()
    if given.hover then
      vim.lsp.buf.hover()
      e.until_('hover', function() return e.float() ~= nil end)
    end
    if given.lens then
      e.until_('lenses', function() return #vim.lsp.codelens.get(buf) > 0 end)
    end
    vim.wait(given.settle, function() return false end, 10)
    vim.cmd('redraw!')
    e.report({})
  end), 100)
end)()

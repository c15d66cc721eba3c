-- :ConvLsp verify runs the file with the interpreter of the settings, and hovers say what came of it.
local ok, message = pcall(function()
  local e, given = _G.editor, _G.editor.given
  local buf = e.open()
  e.until_('hints', function() return #e.hints(buf) > 0 end)
  e.command('ConvLsp verify')
  e.until_('verdict', function() return vim.fn.execute('messages'):find('lines agree', 1, true) ~= nil end)
  local result = { told = vim.fn.execute('messages') }
  local client = vim.lsp.get_clients({ bufnr = buf, name = 'conv_lsp' })[1]
  local place = { textDocument = vim.lsp.util.make_text_document_params(buf),
    position = { line = given.line - 1, character = given.column } }
  local answer = client:request_sync('textDocument/hover', place, 10000, buf)
  result.hover = answer.result.contents.value
  e.report(result)
  vim.cmd('qall!')
end)
if not ok then
  _G.editor.fail(tostring(message))
end

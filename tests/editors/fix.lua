-- Apply the preferred quick fix of the only diagnostic, at its place.
local ok, message = pcall(function()
  local e, given = _G.editor, _G.editor.given
  local buf = e.open()
  e.until_('diagnostic', function() return #vim.diagnostic.get(buf) == 1 end)
  local found = vim.diagnostic.get(buf)[1]
  local result = { message = found.message, titles = {} }
  e.go(found.lnum + 1, found.col)
  -- The one that editors offer first; the others are recorded.
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      table.insert(result.titles, action.title)
      return action.isPreferred == true
    end,
  })
  e.until_('no diagnostic', function() return #vim.diagnostic.get(buf) == 0 end)
  result.text = e.text(buf)
  e.report(result)
  vim.cmd('qall!')
end)
if not ok then
  _G.editor.fail(tostring(message))
end

-- Read hints, hover and diagnostics as a person sees them; break the text, and mend it again.
local ok, message = pcall(function()
  local e, given = _G.editor, _G.editor.given
  local result = {}
  local buf, client = e.open()
  result.encoding = client.offset_encoding
  e.until_('hints', function() return #vim.lsp.inlay_hint.get({ bufnr = buf }) > 0 end)
  e.until_('diagnostics', function() return #vim.diagnostic.get(buf) == given.diagnostics end)
  result.hints = e.hints(buf)
  result.found = e.diagnostics(buf)

  vim.api.nvim_win_set_cursor(0, given.hover)
  vim.lsp.buf.hover()
  e.until_('hover', function() return e.float() ~= nil end)
  result.hover = e.float()
  vim.cmd('fclose!')

  -- A text that does not parse: `broken` at the top.
  local asked = #result.hints
  vim.api.nvim_buf_set_lines(buf, 0, 0, false, { given.broken })
  e.until_('hints of the broken text', function()
    local hints = e.hints(buf)
    return #hints == asked and hints[1][1] == result.hints[1][1] + 1
  end)
  result.broken = e.hints(buf)
  vim.api.nvim_buf_set_lines(buf, 0, 1, false, {})
  e.until_('hints of the mended text', function()
    local hints = e.hints(buf)
    return #hints == asked and hints[1][1] == result.hints[1][1]
  end)
  e.until_('diagnostics as before', function() return #vim.diagnostic.get(buf) == given.diagnostics end)

  -- Type after a wide character, in insert mode.
  vim.api.nvim_win_set_cursor(0, { given.type[1], given.type[2] })
  vim.api.nvim_feedkeys('i' .. given.type[3], 'x', false)
  e.until_('typed hint', function()
    local label = ''
    for _, hint in ipairs(e.hints(buf)) do
      if hint[1] == given.type[1] - 1 then label = hint[3] end
    end
    return label:find(given.type[4], 1, true) ~= nil
  end)
  client:stop()
  e.until_('stop', function() return client:is_stopped() end)
  e.report(result)
  vim.cmd('qall!')
end)
if not ok then
  _G.editor.fail(tostring(message))
end

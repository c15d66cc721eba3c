-- A terminal without a window: run an editor in it, and read what the editor draws.
local given = vim.json.decode(vim.env.CONV_LSP_TEST)
vim.o.columns, vim.o.lines = given.columns, given.lines + 1
vim.o.laststatus, vim.o.cmdheight, vim.o.showtabline = 0, 1, 0
vim.o.swapfile = false
vim.cmd('enew')
local ended = false
vim.fn.jobstart(given.inner, {
  term = true,
  env = { TERM = 'xterm-256color', CONV_LSP_TEST = vim.env.CONV_LSP_TEST },
  on_exit = function() ended = true end,
})
local buf = vim.api.nvim_get_current_buf()
local function rows()
  return vim.api.nvim_buf_get_lines(buf, 0, -1, false)
end
vim.wait(60000, function() return ended or vim.uv.fs_stat(given.report) ~= nil end, 10)
local last, since = nil, vim.uv.now()
vim.wait(5000, function()
  local now = table.concat(rows(), '\n')
  if now ~= last then
    last, since = now, vim.uv.now()
  end
  return vim.uv.now() - since > 200
end, 10)
local file = assert(io.open(given.screen, 'w'))
file:write(table.concat(rows(), '\n'))
file:close()
vim.cmd(ended and 'cquit! 1' or 'qall!')

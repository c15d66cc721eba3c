-- The user command; what it does is loaded when it is used.
if vim.g.loaded_conv_lsp or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_conv_lsp = true

vim.api.nvim_create_user_command('ConvLsp', function(given)
  require('conv_lsp').run(given.args)
end, {
  nargs = '+',
  desc = 'conv-lsp: contexts, input, lens, verify, log, restart',
  complete = function(_, line)
    return require('conv_lsp').complete(line)
  end,
})

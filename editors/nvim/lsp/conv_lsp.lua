---@brief
--- conv-lsp: sizes, receptive fields and shape errors of PyTorch models.
---
--- For Neovim 0.11 and later. Put `vim.lsp.enable('conv_lsp')` in your init.lua. The file also works
--- alone, as `lsp/conv_lsp.lua` in your configuration folder: hints, hovers and diagnostics, without
--- the commands and lenses of the plugin.

local installed, conv_lsp = pcall(require, 'conv_lsp')

---@type vim.lsp.Config
return {
  cmd = { 'conv-lsp', 'server' },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', 'setup.py', 'setup.cfg', '.git' },
  -- All keys: docs/editors.md. The same keys work under [tool.conv-lsp] in pyproject.toml.
  settings = { ['conv-lsp'] = vim.empty_dict() },
  commands = installed and conv_lsp.commands or nil,
  on_attach = function(client, bufnr)
    if client:supports_method('textDocument/inlayHint', bufnr) then
      vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
    end
    if installed then
      conv_lsp.attach(client, bufnr)
    end
  end,
}

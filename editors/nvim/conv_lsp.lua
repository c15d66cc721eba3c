---@brief
--- conv-lsp: sizes, receptive fields and shape errors of PyTorch models.
---
--- A config for Neovim 0.11 and later. Copy this file to `lsp/conv_lsp.lua` in your configuration
--- folder, and put `vim.lsp.enable('conv_lsp')` in your init.lua.

---@type vim.lsp.Config
return {
  cmd = { 'conv-lsp', 'server' },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', 'setup.py', 'setup.cfg', '.git' },
  -- All keys: docs/editors.md. The same keys work under [tool.conv-lsp] in pyproject.toml.
  settings = { ['conv-lsp'] = vim.empty_dict() },
  on_attach = function(client, bufnr)
    if client:supports_method('textDocument/inlayHint', bufnr) then
      vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
    end
  end,
}

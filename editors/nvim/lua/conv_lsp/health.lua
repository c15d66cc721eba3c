--- `:checkhealth conv_lsp`

local M = {}

local ADVICE = "Install it (`pip install conv-lsp`), or set the full path: "
  .. "`vim.lsp.config('conv_lsp', { cmd = { '/path/to/conv-lsp', 'server' } })`"

-- Servers that draw the types of the same variables.
local OTHERS = { basedpyright = true, pyrefly = true, pyright = true, ty = true }

---@param cmd string[]
local function check_program(cmd)
  local health = vim.health
  local path = vim.fn.exepath(cmd[1])
  if path == '' then
    health.error(('`%s` is not executable'):format(cmd[1]), ADVICE)
    return
  end
  local asked = vim.list_extend({ path }, vim.list_slice(cmd, 2))
  if asked[#asked] == 'server' then
    asked[#asked] = '--version'
    local started, process = pcall(vim.system, asked, { text = true, timeout = 10000 })
    local done = started and process:wait() or { code = -1, stderr = tostring(process) }
    if done.code ~= 0 then
      health.error(('`%s` fails: %s'):format(table.concat(asked, ' '), vim.trim(done.stderr or '')), ADVICE)
      return
    end
    health.ok(('%s (%s)'):format(vim.trim(done.stdout), path))
  else
    health.ok(('the server is started with `%s`'):format(table.concat(cmd, ' ')))
  end
end

---@param client vim.lsp.Client
local function check_client(client)
  local health = vim.health
  local buffers = vim.tbl_keys(client.attached_buffers)
  health.ok(
    ('attached to %d buffer%s, root %s, positions in %s'):format(
      #buffers, #buffers == 1 and '' or 's', client.root_dir or 'none', client.offset_encoding
    )
  )
  for _, bufnr in ipairs(buffers) do
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':~:.')
    if vim.lsp.inlay_hint.is_enabled({ bufnr = bufnr }) then
      health.ok(('hints are shown in %s'):format(name))
    else
      health.warn(('hints are off in %s'):format(name), ':lua vim.lsp.inlay_hint.enable()')
    end
    for _, other in ipairs(vim.lsp.get_clients({ bufnr = bufnr })) do
      if OTHERS[other.name] and other:supports_method('textDocument/inlayHint', bufnr) then
        health.warn(
          ('%s draws hints on the same lines of %s'):format(other.name, name),
          'Switch off its hints for the types of variables if the lines get too full.'
        )
      end
    end
  end
end

function M.check()
  local health = vim.health
  health.start('conv-lsp')
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim 0.11 or later is needed')
    return
  end
  health.ok(('Neovim %s'):format(tostring(vim.version())))
  local config = vim.lsp.config.conv_lsp
  if not config then
    health.error('lsp/conv_lsp.lua is not on the runtimepath', 'See :help conv-lsp-install')
    return
  end
  if type(config.cmd) == 'table' then
    check_program(config.cmd --[[@as string[] ]])
  end
  if not vim.lsp.is_enabled('conv_lsp') then
    health.error('the server is not enabled', "Put `vim.lsp.enable('conv_lsp')` in your init.lua")
  end
  local clients = vim.lsp.get_clients({ name = 'conv_lsp' })
  if #clients == 0 then
    health.info('no server is running: open a Python file')
  end
  vim.iter(clients):each(check_client)
  health.info('log: ' .. vim.lsp.log.get_filename())
end

return M

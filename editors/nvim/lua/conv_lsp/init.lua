--- What `:ConvLsp` does, and how lenses are shown. `:help conv-lsp` is its manual.

local M = {}

local CHOOSE, CONTEXTS = 'conv-lsp.chooseContext', 'conv-lsp.contexts'
local SET_INPUT, VERIFY = 'conv-lsp.setInput', 'conv-lsp.verify'
local AT_FIRST = 'as at first'
local EXAMPLE = '(1, 3, 224, 224)'

local function say(text, level)
  vim.notify('conv-lsp: ' .. text, level or vim.log.levels.INFO)
end

---@param bufnr integer
---@return vim.lsp.Client?
local function client_of(bufnr)
  return vim.lsp.get_clients({ bufnr = bufnr, name = 'conv_lsp' })[1]
end

---@param client vim.lsp.Client
---@param bufnr integer
---@param command string
---@param arguments any[]
---@param done? fun(result: any)
local function execute(client, bufnr, command, arguments, done)
  local params = { command = command, arguments = arguments }
  client:request('workspace/executeCommand', params, function(problem, result)
    if problem then
      say(problem.message, vim.log.levels.ERROR)
    elseif done then
      done(result)
    end
  end, bufnr)
end

---@param bufnr integer
local function refresh(bufnr)
  if vim.g.conv_lsp_lens ~= false and vim.api.nvim_buf_is_loaded(bufnr) then
    vim.lsp.codelens.refresh({ bufnr = bufnr })
  end
end

--- Ask which of the choices is shown, and have it shown.
---@param client vim.lsp.Client
---@param bufnr integer
---@param choices string[]
local function choose(client, bufnr, choices)
  if #choices == 0 or (#choices == 1 and not vim.endswith(choices[1], ')')) then
    say('there is one context here, and it is shown')
    return
  end
  local offered = vim.list_extend(vim.list_slice(choices), { AT_FIRST })
  local question = { prompt = 'Show the sizes of which context?', kind = 'conv-lsp' }
  vim.ui.select(offered, question, function(chosen)
    if chosen then
      local choice = chosen == AT_FIRST and '' or chosen
      execute(client, bufnr, CHOOSE, { vim.uri_from_bufnr(bufnr), choices, choice }, function()
        refresh(bufnr)
      end)
    end
  end)
end

--- Commands of lenses that are answered here instead of by a message of the server.
---@type table<string, fun(command: lsp.Command, ctx: table)>
M.commands = {
  [CHOOSE] = function(command, ctx)
    local client = vim.lsp.get_client_by_id(ctx.client_id)
    if client then
      choose(client, ctx.bufnr, command.arguments[2] or {})
    end
  end,
}

---@param client vim.lsp.Client
---@param bufnr integer
function M.attach(client, bufnr)
  if vim.g.conv_lsp_lens == false or not client:supports_method('textDocument/codeLens') then
    return
  end
  local group = vim.api.nvim_create_augroup('conv_lsp_' .. bufnr, {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      if client_of(bufnr) then
        refresh(bufnr)
      end
    end,
  })
  refresh(bufnr)
end

---@class conv_lsp.Place
---@field client vim.lsp.Client
---@field bufnr integer
---@field uri string
---@field line integer of the cursor, from 0

---@type table<string, fun(place: conv_lsp.Place, rest: string)>
local subcommands = {}

function subcommands.contexts(place)
  execute(place.client, place.bufnr, CONTEXTS, { place.uri }, function(choices)
    choose(place.client, place.bufnr, choices or {})
  end)
end

function subcommands.input(place, rest)
  local function write(text)
    if text and vim.trim(text) ~= '' then
      execute(place.client, place.bufnr, SET_INPUT, { place.uri, place.line, vim.trim(text) })
    end
  end
  if rest ~= '' then
    write(rest)
  else
    vim.ui.input({ prompt = 'Input: ', default = EXAMPLE }, write)
  end
end

--- The lens at the cursor: of the line, or of the nearest line above that has one.
function subcommands.lens(place)
  local params = { textDocument = { uri = place.uri } }
  place.client:request('textDocument/codeLens', params, function(problem, lenses)
    if problem then
      say(problem.message, vim.log.levels.ERROR)
      return
    end
    local nearest
    for _, lens in ipairs(lenses or {}) do
      local line = lens.range.start.line
      if line <= place.line and (not nearest or line > nearest.range.start.line) then
        nearest = lens
      end
    end
    if nearest and nearest.command then
      place.client:exec_cmd(nearest.command, { bufnr = place.bufnr })
    else
      say('there is no lens at the cursor or above it')
    end
  end, place.bufnr)
end

function subcommands.verify(place)
  local provider = place.client.server_capabilities.executeCommandProvider
  if not (provider and vim.list_contains(provider.commands, VERIFY)) then
    say('this server does not verify', vim.log.levels.WARN)
    return
  end
  execute(place.client, place.bufnr, VERIFY, { place.uri })
end

function subcommands.log()
  vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
  vim.cmd('normal! G')
end

--- A new server for all buffers of the old one.
function subcommands.restart(place)
  local buffers = vim.tbl_keys(place.client.attached_buffers)
  local config = place.client.config
  place.client:stop()
  local timer, waited = assert(vim.uv.new_timer()), 0
  timer:start(50, 50, vim.schedule_wrap(function()
    waited = waited + 1
    if timer:is_closing() or not (place.client:is_stopped() or waited > 60) then
      return
    end
    timer:close()
    if not place.client:is_stopped() then
      place.client:stop(true)
    end
    for _, bufnr in ipairs(buffers) do
      if vim.api.nvim_buf_is_loaded(bufnr) then
        vim.lsp.start(config, { bufnr = bufnr })
      end
    end
  end))
end

--- `:ConvLsp NAME REST`.
---@param text string
function M.run(text)
  local name, rest = text:match('^(%S+)%s*(.-)%s*$')
  local work = subcommands[name]
  if not work then
    say('there is no command ' .. tostring(name), vim.log.levels.ERROR)
    return
  end
  local bufnr = vim.api.nvim_get_current_buf()
  local client = client_of(bufnr)
  if not client and name ~= 'log' then
    say('no server is attached to this buffer; see :checkhealth conv_lsp', vim.log.levels.WARN)
    return
  end
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local uri = vim.uri_from_bufnr(bufnr)
  work({ client = client, bufnr = bufnr, uri = uri, line = line }, rest)
end

--- What can stand at the end of a command line.
---@param line string
---@return string[]
function M.complete(line)
  local name, rest = line:match('ConvLsp!?%s+(%S*)(.*)$')
  if rest == '' then
    local names = vim.tbl_filter(function(known)
      return vim.startswith(known, name)
    end, vim.tbl_keys(subcommands))
    table.sort(names)
    return names
  end
  return name == 'input' and vim.trim(rest) == '' and { EXAMPLE } or {}
end

return M

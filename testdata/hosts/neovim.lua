-- Opens a.go in Neovim with "heapvet lsp", as the settings $HEAPVET say, with gopls ($GOPLS) or
-- with both, and writes what the user sees, step by step, to the file $RESULT.
local out = {}
local function say(what, text) table.insert(out, what .. ": " .. text) end
local function done()
  vim.fn.writefile(out, vim.env.RESULT)
  vim.cmd("qall!")
end

-- A finding of heapvet lsp is its code, one of gopls is its source and code.
local function shown()
  local list = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    local name = d.code or "?"
    if d.source ~= "heapvet" then name = (d.source or "?") .. ":" .. name end
    table.insert(list, string.format("%d:%d %s", d.lnum + 1, d.col + 1, name))
  end
  table.sort(list)
  return table.concat(list, ", ")
end

local function find(pattern)
  for _, d in ipairs(vim.diagnostic.get(0)) do
    if (d.source .. ":" .. d.code):find(pattern) then return d end
  end
end

-- Waits until as many diagnostics are shown, that of gopls itself on its line, if there is one.
-- In between gopls may speak of a text that is half edited.
local function expect(what, count, line)
  local function settled()
    local own = vim.env.GOPLS and find("assign")
    return #vim.diagnostic.get(0) == count and (not vim.env.GOPLS or own and own.lnum + 1 == line)
  end
  vim.wait(60000, settled, 50)
  say(what, shown())
  if not settled() then return done() end
end

local function start(name, cmd)
  local id = vim.lsp.start_client({ name = name, cmd = cmd, root_dir = vim.fn.getcwd() })
  vim.lsp.buf_attach_client(0, id)
  return id
end

local heapvet = vim.env.HEAPVET
if heapvet then dofile(heapvet) end
vim.cmd("edit a.go")
local gopls = vim.env.GOPLS and start("gopls", { vim.env.GOPLS })
local ours = heapvet and 2 or vim.env.CARRIES and 2 or 0
local others = gopls and 1 or 0 -- what gopls itself finds
expect("opened", ours + others, 3)

-- The second server speaks of what is saved, gopls of what is in the buffer.
vim.api.nvim_buf_set_lines(0, 2, 2, false, { "// a line more" })
if heapvet then
  expect("edited", others, 4)
else
  vim.wait(60000, function() local d = find("prealloc") return d and d.lnum == 6 end, 50)
  say("edited", shown())
end

vim.cmd("silent write")
expect("saved", ours + others, 4)

local d = find("prealloc")
local position = { line = d.lnum, character = d.col }
local params = {
  textDocument = vim.lsp.util.make_text_document_params(),
  range = { start = position, ["end"] = position },
  context = { only = { "quickfix" } },
}
local answers, action
vim.wait(20000, function()
  params.context.diagnostics = vim.lsp.diagnostic.get_line_diagnostics(0, d.lnum)
  answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 10000)
  for _, answer in pairs(answers or {}) do
    for _, a in ipairs(answer.result or {}) do
      if a.title:find("reserve") then action = a end
    end
  end
  return action ~= nil
end, 500)
if not action then
  say("offered", vim.inspect({ params, answers }))
  return done()
end
say("offered", action.title)
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
if heapvet then vim.cmd("silent write") end
expect("fixed", ours - 1 + others, 6)

if heapvet then
  local explained = vim.lsp.buf_request_sync(0, "workspace/executeCommand", {
    command = "heapvet.explain",
    arguments = { { uri = vim.uri_from_bufnr(0), range = params.range } },
  }, 60000)
  for _, answer in pairs(explained) do
    if answer.result then say("explained", answer.result) end
  end
end
done()

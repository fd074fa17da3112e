-- Opens a.go in Neovim with "heapvet lsp" and writes what the user sees, step by
-- step, to the file $RESULT.
local out = {}
local function say(what) table.insert(out, what) end
local function done()
  vim.fn.writefile(out, vim.env.RESULT)
  vim.cmd("qall!")
end

local function shown()
  local list = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    table.insert(list, string.format("%d:%d %s", d.lnum + 1, d.col + 1, d.code or "?"))
  end
  table.sort(list)
  return table.concat(list, ", ")
end

local function wait_for(count)
  return vim.wait(60000, function() return #vim.diagnostic.get(0) == count end, 50)
end

vim.cmd("edit a.go")
local id = vim.lsp.start_client({ name = "heapvet", cmd = { vim.env.HEAPVET, "lsp" }, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, id)
if not wait_for(2) then say("opened: " .. shown()) return done() end
say("opened: " .. shown())

vim.api.nvim_buf_set_lines(0, 2, 2, false, { "// a line more" })
wait_for(0)
say("edited: " .. shown())

vim.cmd("silent write")
wait_for(2)
say("saved: " .. shown())

local d = vim.diagnostic.get(0, { lnum = vim.diagnostic.get(0)[1].lnum })[1]
local params = {
  textDocument = vim.lsp.util.make_text_document_params(),
  range = { start = { line = d.lnum, character = d.col }, ["end"] = { line = d.lnum, character = d.col } },
  context = { diagnostics = {}, only = { "quickfix" } },
}
local answer = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 10000)
local action = answer[id].result[1]
say("offered: " .. action.title)
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
vim.cmd("silent write")
wait_for(1)
say("fixed: " .. shown())

local explained = vim.lsp.buf_request_sync(0, "workspace/executeCommand", {
  command = "heapvet.explain",
  arguments = { { uri = vim.uri_from_bufnr(0), range = params.range } },
}, 60000)
say("explained: " .. tostring(explained[id].result))
done()

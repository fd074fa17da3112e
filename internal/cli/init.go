package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const heapvetPackage = "github.com/heapvet/heapvet/cmd/heapvet"

// setups are the files that heapvet init writes, by what they are for.
var setups = map[string]struct{ file, text, next string }{
	"github": {".github/workflows/heapvet.yml", `name: heapvet
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
  security-events: write
jobs:
  heapvet:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-go@v5
        with:
          go-version-file: go.mod
      - run: go install ` + heapvetPackage + `@latest
      # Findings do not fail this step, a package that cannot be analysed does.
      - run: heapvet -format sarif ./... > heapvet.sarif || [ $? -eq 1 ]
      - uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: heapvet.sarif
          category: heapvet
`, "code scanning shows new findings in pull requests"},

	"gitlab": {".gitlab/heapvet.yml", `heapvet:
  image: golang:latest
  script:
    - go install ` + heapvetPackage + `@latest
    - heapvet -format gitlab -new-from "origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME..." ./... > heapvet.json
  artifacts:
    when: always
    reports:
      codequality: heapvet.json
  before_script:
    - git fetch origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
`, "include it from .gitlab-ci.yml: include: [{local: .gitlab/heapvet.yml}]"},

	"golangci": {".custom-gcl.yml", `# golangci-lint custom builds ./golangci-lint-heapvet from this. In .golangci.yml:
#
#   version: "2"
#   linters:
#     enable: [heapvet]
#     settings:
#       custom:
#         heapvet:
#           type: module
#           settings: {}       # enable, disable, all, ...
#   issues:
#     max-issues-per-linter: 0 # else 50 are shown
#     max-same-issues: 0       # else 3
#     uniq-by-line: false      # else one for a line, of all linters
version: v2.15.0
name: golangci-lint-heapvet
plugins:
  - module: github.com/heapvet/heapvet
    import: github.com/heapvet/heapvet/plugin
    version: latest
`, "golangci-lint custom builds ./golangci-lint-heapvet; the file tells what .golangci.yml needs, docs/hosts.md tells more"},

	"pre-commit": {".pre-commit-config.yaml", `repos:
  - repo: local
    hooks:
      - id: heapvet
        name: heapvet
        entry: heapvet -new-from HEAD ./...
        language: system
        types: [go]
        pass_filenames: false
`, "pre-commit install"},

	"nvim": {".nvim/heapvet.lua", `-- Sourced from init.lua: dofile(".nvim/heapvet.lua")
local servers = {} -- by module or workspace
vim.api.nvim_create_autocmd("FileType", {
  pattern = "go",
  callback = function(args)
    local up = vim.fn.escape(vim.fn.fnamemodify(args.file, ":p:h"), " ,") .. ";"
    local found = vim.fn.findfile("go.work", up)
    if found == "" then found = vim.fn.findfile("go.mod", up) end
    local root = vim.fn.fnamemodify(found, ":p:h")
    servers[root] = servers[root] or vim.lsp.start_client({ name = "heapvet", cmd = { "heapvet", "lsp" }, root_dir = root })
    vim.lsp.buf_attach_client(args.buf, servers[root])
  end,
})
`, `dofile(".nvim/heapvet.lua") in init.lua sources it`},

	"vscode": {".vscode/settings.json", `{
	"go.lintTool": "staticcheck",
	"go.alternateTools": { "staticcheck": "heapvet" },
	"go.lintOnSave": "package"
}
`, "the Go extension shows findings on save; docs/editors.md tells how to get quick fixes"},

	"config": {"heapvet.toml", "# What to show of what heapvet finds: heapvet help config.\n\n" + strings.ReplaceAll(strings.TrimPrefix(configExample, "\t"), "\n\t", "\n"), "edit it"},
}

// initialise writes the file that sets heapvet up for a program. It never changes
// one that is there.
func initialise(c *command, ctx context.Context, args []string) (int, error) {
	names := strings.Join(slices.Sorted(maps.Keys(setups)), "|")
	if len(args) != 1 {
		return 0, errors.New("heapvet init " + names)
	}
	setup, ok := setups[args[0]]
	if !ok {
		return 0, fmt.Errorf("there is no setup for %q: heapvet init %s", args[0], names)
	}
	file := filepath.FromSlash(setup.file)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return 0, fmt.Errorf("%s is there already and is left as it is; this belongs in it:\n\n%s", setup.file, setup.text)
	}
	if err != nil {
		return 0, err
	}
	_, err = f.WriteString(setup.text)
	if err := errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(c.stdout, "%s written; %s\n", setup.file, setup.next)
	return exitClean, err
}

// Golangci is golangci-lint with heapvet as one of its linters, built from Go modules
// alone. What "golangci-lint custom" makes of a .custom-gcl.yml is the same program.
//
//	cd plugin/golangci && go build -o golangci-lint-heapvet .
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/heapvet/heapvet/plugin"
)

func main() {
	version, err := version()
	if err == nil {
		err = commands.Execute(commands.BuildInfo{Version: version, GoVersion: runtime.Version(), Commit: "?", Date: "?"})
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "Error: %v\n", err)
		os.Exit(exitcodes.Failure)
	}
}

// version is what golangci-lint takes as the identity of the program in its cache. The hash
// of the program is part of it: with another heapvet in it, nothing that is cached counts.
func version() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(self)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	linter := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "github.com/golangci/golangci-lint/v2" {
				linter = dep.Version
			}
		}
	}
	return fmt.Sprintf("%s-heapvet-%x", linter, h.Sum(nil)[:8]), nil
}

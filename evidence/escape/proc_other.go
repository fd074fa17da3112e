//go:build !linux

package escape

import "os/exec"

// dieWithParent does nothing here: the compiler ends at its next line, for
// which there is no reader.
func dieWithParent(*exec.Cmd) {}

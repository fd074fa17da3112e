//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the command the leader of a process group, so that the whole
// tree below it can be ended at once. Cancelling its context interrupts the group:
// the go command then removes its work directory.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}

// killGroup ends what an interrupt did not.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

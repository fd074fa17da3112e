package escape

import (
	"os/exec"
	"syscall"
)

// dieWithParent makes the system kill the command when this process dies.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

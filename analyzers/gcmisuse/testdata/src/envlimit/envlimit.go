package envlimit

import (
	"os"
	"runtime/debug"
)

func setup() {
	if os.Getenv("GOMEMLIMIT") != "" {
		debug.SetGCPercent(-1)
	}
}

package contract

import (
	"testing"
	"time"

	"life"
)

func untilCleanup(t *testing.T) <-chan time.Time {
	beats, stop := life.Beats(time.Second)
	t.Cleanup(stop)
	return beats
}

package exits

import (
	"context"
	"errors"
	"os/exec"
)

func copyOut(name string) error

// Who starts the command gets the channel, but not if it cannot be started.
func begin(cmd *exec.Cmd, name string) (int, <-chan error, error) {
	copied := make(chan error)
	go func() {
		copied <- copyOut(name) // want `this send blocks forever when begin returns at line 19: nobody receives from copied`
		close(copied)
	}()
	if err := cmd.Start(); err != nil {
		return -1, nil, errors.New("cannot start")
	}
	return cmd.Process.Pid, copied, nil
}

func beginBuffered(cmd *exec.Cmd, name string) (int, <-chan error, error) {
	copied := make(chan error, 1)
	go func() {
		copied <- copyOut(name)
		close(copied)
	}()
	if err := cmd.Start(); err != nil {
		return -1, nil, errors.New("cannot start")
	}
	return cmd.Process.Pid, copied, nil
}

func beginAlways(cmd *exec.Cmd, name string) (int, <-chan error, error) {
	copied := make(chan error)
	go func() {
		copied <- copyOut(name)
		close(copied)
	}()
	if err := cmd.Start(); err != nil {
		return -1, copied, errors.New("cannot start")
	}
	return cmd.Process.Pid, copied, nil
}

func beginUntil(ctx context.Context, cmd *exec.Cmd, name string) (int, <-chan error, error) {
	ctx, cancel := context.WithCancel(ctx)
	copied := make(chan error)
	go func() {
		defer cancel()
		select {
		case copied <- copyOut(name):
		case <-ctx.Done():
		}
	}()
	if err := cmd.Start(); err != nil {
		cancel()
		return -1, nil, errors.New("cannot start")
	}
	return cmd.Process.Pid, copied, nil
}

func beginDrained(cmd *exec.Cmd, name string) (int, <-chan error, error) {
	copied := make(chan error)
	go func() {
		copied <- copyOut(name)
		close(copied)
	}()
	if err := cmd.Start(); err != nil {
		<-copied
		return -1, nil, errors.New("cannot start")
	}
	return cmd.Process.Pid, copied, nil
}

// Others keep it as well.
type beginner struct{ copied []chan error }

func (l *beginner) begin(cmd *exec.Cmd, name string) (chan error, error) {
	copied := make(chan error)
	l.copied = append(l.copied, copied)
	go func() {
		copied <- copyOut(name)
		close(copied)
	}()
	if err := cmd.Start(); err != nil {
		return nil, errors.New("cannot start")
	}
	return copied, nil
}

func healthy(ctx context.Context) error

// What takes it away is the return, not the case.
func beginHealthy(ctx context.Context, name string, begun <-chan bool) (<-chan error, error) {
	copied := make(chan error)
	go func() {
		if err := copyOut(name); err != nil {
			copied <- err // want `this send blocks forever when beginHealthy returns at line 111: nobody receives from copied`
		}
		close(copied)
	}()
	select {
	case err := <-copied:
		return nil, err
	case <-begun:
	}
	if err := healthy(ctx); err != nil {
		return nil, err
	}
	return copied, nil
}

// What follows the end of a context follows for certain, if nobody stops it before.
func beginWith(ctx context.Context, name string) error {
	gone := make(chan struct{})
	context.AfterFunc(ctx, func() { close(gone) })
	go func() {
		<-gone
		copyOut(name)
	}()
	return copyOut(name)
}

func beginFor(ctx context.Context, name string) error {
	gone := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { close(gone) })
	defer stop()
	go func() {
		<-gone // want `this receive blocks forever when beginFor returns at line 135: nobody sends to gone or closes it`
		copyOut(name)
	}()
	return copyOut(name)
}

// What is deferred takes it back when there is an error.
func beginOrDrain(cmd *exec.Cmd, name string) (done <-chan error, err error) {
	copied := make(chan error)
	go func() {
		copied <- copyOut(name)
	}()
	defer func() {
		if err != nil {
			<-copied
		}
	}()
	if err := cmd.Start(); err != nil {
		return nil, errors.New("cannot start")
	}
	return copied, nil
}

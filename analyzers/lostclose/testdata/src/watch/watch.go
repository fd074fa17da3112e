// Package watch follows files.
package watch

import (
	"fmt"

	"github.com/fsnotify/fsnotify"
)

type follower struct {
	w    *fsnotify.Watcher
	path string
}

func follow(path string) (*follower, error) {
	w, err := fsnotify.NewWatcher() // want `w is not closed on the path that returns at line 21: its goroutine and what it watches with stay for as long as the process lives; call w.Close\(\) there`
	if err != nil {
		return nil, err
	}
	if err := w.Add(path); err != nil {
		return nil, fmt.Errorf("following %s: %w", path, err)
	}
	return &follower{w, path}, nil
}

func followRight(path string) (*follower, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := w.Add(path); err != nil {
		w.Close()
		return nil, fmt.Errorf("following %s: %w", path, err)
	}
	return &follower{w, path}, nil
}

package a

import (
	"context"
	"fmt"
	"log/slog"
)

type logger struct{ level int }

func (l *logger) Debug(args ...any)                 {}
func (l *logger) Debugf(format string, args ...any) {}
func (l *logger) Info(args ...any)                  {}
func (l *logger) Error(args ...any)                 {}
func (l *logger) On(level int) bool                 { return level <= l.level }

func each(l *logger, s *slog.Logger, ctx context.Context, ids []int, debug bool) {
	for i, id := range ids {
		l.Debug(fmt.Sprintf("id %d of %d", id, i))                     // want `fmt.Sprintf makes this text on every iteration even if the level of Debug is off; Debugf formats only if it is on`
		s.Debug(fmt.Sprintf("id %d of %d", id, i))                     // want `fmt.Sprintf makes this text on every iteration even if the level of Debug is off; what is given to it after the text is formatted only if it is on`
		s.DebugContext(ctx, fmt.Sprintf("id %d of %d", id, i), "n", 1) // want `even if the level of DebugContext is off`
		slog.Debug(fmt.Sprint("id ", id, i))                           // want `fmt.Sprint makes this text on every iteration even if the level of Debug is off`
		l.Info(fmt.Sprintf("id %d of %d", id, i))
		if l.On(3) {
			l.Debug(fmt.Sprintf("id %d of %d", id, i))
		}
		if debug && i > 2 {
			s.Debug(fmt.Sprintf("id %d of %d", id, i))
		}
		if s.Enabled(ctx, slog.LevelDebug) {
			s.Debug(fmt.Sprintf("id %d of %d", id, i))
		}
		new(panel).Debug(fmt.Sprintf("id %d of %d", id, i))
	}
}

// Whoever has asked and left, or gone on, has asked as well.

type worker struct {
	log       *slog.Logger
	verbosity int
}

func (k *worker) walk(ctx context.Context, ids []int) error {
	for _, id := range ids {
		if id < 0 {
			continue
		}
		k.log.Debug(fmt.Sprintf("id %d", id)) // want `even if the level of Debug is off`
		if !k.log.Enabled(ctx, slog.LevelDebug) {
			continue
		}
		k.log.Debug(fmt.Sprintf("id %d", id))
	}
	for i, id := range ids {
		if k.verbosity > 1 {
			k.log.Debug(fmt.Sprintf("id %d of %d", id, i))
		}
		if i > 1 {
			k.log.Debug(fmt.Sprintf("id %d of %d", id, i)) // want `even if the level of Debug is off`
		}
		if err := ctx.Err(); err != nil {
			k.log.Debug(fmt.Sprintf("id %d: %v", id, err))
			return err
		}
		if err := try(id); err != nil {
			k.log.Debug(fmt.Sprintf("id %d: %v", id, err))
			continue
		}
	}
	if !k.log.Enabled(ctx, slog.LevelDebug) {
		return nil
	}
	for i, id := range ids {
		k.log.Debug(fmt.Sprintf("id %d of %d", id, i))
	}
	return nil
}

func try(id int) error { return nil }

// What else is given to this one is no value of the text.

type plain struct{}

func (plain) Debug(text string, more ...string) {}
func (plain) Info(text string, more ...string)  {}
func (*plain) Error(text string, more ...string) {}

func say(p plain, ids []int) {
	for i, id := range ids {
		p.Debug(fmt.Sprintf("id %d of %d", id, i)) // want `fmt.Sprintf makes this text on every iteration even if the level of Debug is off; ask first whether it is on`
	}
}

// A panel is no logger.
type panel struct{ text string }

func (p *panel) Debug(s string) { p.text = s }

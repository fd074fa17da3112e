package leakprofile

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"
)

// parseProto reads the format of pprof.
func parseProto(data []byte) ([]*Leak, error) {
	p, err := profile.ParseData(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotLeaks, err)
	}
	kinds := make([]string, 0, len(p.SampleType))
	for i, t := range p.SampleType {
		if t.Type == "goroutineleak" {
			return leaksOf(p, i), nil
		}
		kinds = append(kinds, t.Type)
	}
	return nil, fmt.Errorf("%w: it counts %s", ErrNotLeaks, strings.Join(kinds, ", "))
}

func leaksOf(p *profile.Profile, value int) (leaks []*Leak) {
	for _, sample := range p.Sample {
		var stack []Frame
		for _, loc := range sample.Location {
			for _, line := range loc.Line { // inlined calls come first
				if line.Function != nil {
					stack = append(stack, Frame{line.Function.Name, filepath.ToSlash(line.Function.Filename), int(line.Line)})
				}
			}
		}
		if len(stack) > 0 {
			leaks = append(leaks, newLeak(stack, "", int(sample.Value[value])))
		}
	}
	return leaks
}

var (
	header = regexp.MustCompile(`^goroutine \d+ .*?\[([^\]]*)\]`)
	place  = regexp.MustCompile(`^\t(.*):(\d+)(?: \+0x[0-9a-f]+)?$`)
)

const leakedMark = " (leaked)"

// parseText reads a traceback of all goroutines, in which the leaked ones are marked:
//
//	goroutine 4 [chan send (leaked), 2 minutes]:
//	example.com/m/p.f.func1()
//		/src/m/p/p.go:12 +0x36
//	created by example.com/m/p.f in goroutine 1
//		/src/m/p/p.go:10 +0x66
func parseText(text string) (leaks []*Leak) {
	for block := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		lines := strings.Split(strings.Trim(block, "\n"), "\n")
		m := header.FindStringSubmatch(lines[0])
		if m == nil {
			continue
		}
		reason, _, leaked := strings.Cut(m[1], leakedMark)
		if !leaked {
			continue
		}
		var stack []Frame
		var creator Frame
		for i := 1; i+1 < len(lines); i++ {
			at := place.FindStringSubmatch(lines[i+1])
			if at == nil {
				continue
			}
			line, _ := strconv.Atoi(at[2])
			frame := Frame{File: filepath.ToSlash(at[1]), Line: line}
			if name, ok := strings.CutPrefix(lines[i], "created by "); ok {
				frame.Func, _, _ = strings.Cut(name, " in goroutine ")
				creator = frame
				break
			}
			frame.Func = lines[i]
			if n := strings.LastIndexByte(frame.Func, '('); n > 0 {
				frame.Func = frame.Func[:n] // the arguments
			}
			stack = append(stack, frame)
		}
		if len(stack) > 0 {
			leak := newLeak(stack, reason, 1)
			leak.Creator = creator
			leaks = append(leaks, leak)
		}
	}
	return leaks
}

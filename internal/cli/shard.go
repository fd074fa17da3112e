package cli

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A shard is one of several equal parts of the packages: the part that one machine of
// several analyses. To which part a package belongs depends on its import path alone, so
// that a new package moves no other one, and each finds what is cached of it.
type shard struct{ part, of int }

func (s *shard) String() string { return "" }

func (s *shard) Set(text string) error {
	var rest string
	if n, _ := fmt.Sscanf(text, "%d/%d%s", &s.part, &s.of, &rest); n != 2 || s.part < 1 || s.part > s.of {
		return errors.New("want a part and the number of parts, such as 1/4 to 4/4")
	}
	return nil
}

func (s shard) has(path string) bool {
	h := sha256.Sum256([]byte(path))
	return binary.BigEndian.Uint64(h[:])%uint64(s.of) == uint64(s.part-1)
}

// packages returns those packages which the patterns name that belong to the shard.
func (s shard) packages(ctx context.Context, build, patterns []string) ([]string, error) {
	dirs, err := listDirs(ctx, build, patterns)
	if err != nil {
		return nil, err
	}
	paths := slices.Sorted(maps.Values(dirs))
	if slices.Contains(paths, "command-line-arguments") {
		return nil, errors.New("-shard needs packages, and not single files")
	}
	return slices.DeleteFunc(paths, func(path string) bool { return !s.has(path) }), nil
}

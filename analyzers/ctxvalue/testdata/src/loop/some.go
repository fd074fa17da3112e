package loop

import (
	"context"
	"errors"
	"strings"
)

type langKey struct{}

func lang(ctx context.Context) string {
	l, _ := ctx.Value(langKey{}).(*string)
	if l == nil {
		return "en"
	}
	return *l
}

// Many iterations look up, though not all.
func greet(ctx context.Context, names []string) (out []string) {
	for _, n := range names {
		if strings.HasPrefix(n, "x-") {
			out = append(out, lang(ctx)+n) // want `lang\(ctx\) looks the same context value up on every iteration`
		}
		switch {
		case n == "":
			continue
		case lang(ctx) == "de": // want `lang\(ctx\) looks the same context value up on every iteration`
			out = append(out, n)
		}
	}
	return out
}

var errName = errors.New("no name")

func check(n string) error {
	if n == "" {
		return errName
	}
	return nil
}

// One does, or few.
func few(ctx context.Context, names []string) (out []string, err error) {
	first := ""
	for i, n := range names {
		if err := check(n); err != nil {
			out = append(out, lang(ctx))
		}
		if n == "last" {
			return out, errors.New(lang(ctx))
		}
		if i == 0 {
			out = append(out, lang(ctx))
		}
		if first == "" {
			first = lang(ctx) + n
		}
	}
	return out, nil
}

package plugin

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/lint"
)

func analyzers(t *testing.T, conf map[string]any) ([]*analysis.Analyzer, error) {
	t.Helper()
	p, err := New(conf)
	if err != nil {
		return nil, err
	}
	return p.BuildAnalyzers()
}

func TestDefaults(t *testing.T) {
	as, err := analyzers(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, a := range as {
		got = append(got, a.Name)
	}
	for _, c := range heapvet.Suite {
		if c.Origin == "" && c.Stage == lint.On {
			want = append(want, c.New().Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := analysis.Validate(as); err != nil {
		t.Error(err)
	}
}

func TestSettings(t *testing.T) {
	as, err := analyzers(t, map[string]any{"disable": []string{"prealloc"}, "all": true})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range as {
		if a.Name == "prealloc" {
			t.Error("a disabled check runs")
		}
		if f := a.Flags.Lookup(lint.FlagAll); f != nil && f.Value.String() != "true" {
			t.Errorf("%s: all has no effect", a.Name)
		}
	}
}

func TestBadSettings(t *testing.T) {
	for _, tt := range []struct {
		conf map[string]any
		want string
	}{
		{map[string]any{"enabled": []string{"prealloc"}}, "enabled"},
		{map[string]any{"enable": []string{"pralloc"}}, `did you mean "prealloc"?`},
		{map[string]any{"all": "yes"}, "all"},
	} {
		if _, err := analyzers(t, tt.conf); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: error %v, want one about %s", tt.conf, err, tt.want)
		}
	}
}

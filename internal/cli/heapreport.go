package cli

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// heapChanges are the places that allocate on one side only.
type heapChanges struct {
	From    string     `json:"from"`
	To      string     `json:"to"`
	Added   []heapSite `json:"added"`
	Removed []heapSite `json:"removed"`
}

// compareSites pairs what is on both sides. In one function, the same allocation by the
// same text is the same place wherever it stands; so is, of those that are left over, the
// same allocation by another text.
func compareSites(before, after heapSites) *heapChanges {
	type key struct{ pkg, fn, what, via, text string }
	keyOf := func(s heapSite, text bool) key {
		k := key{s.Package, s.Func, s.What, s.Via, ""}
		if text {
			k.text = s.Text
		}
		return k
	}
	old, now := before.sites, after.sites
	for _, byText := range []bool{true, false} {
		count := make(map[key]int)
		for _, s := range old {
			count[keyOf(s, byText)]++
		}
		paired := make(map[key]int)
		now = slices.DeleteFunc(slices.Clone(now), func(s heapSite) bool {
			k := keyOf(s, byText)
			if paired[k] == count[k] {
				return false
			}
			paired[k]++
			return true
		})
		old = slices.DeleteFunc(slices.Clone(old), func(s heapSite) bool {
			k := keyOf(s, byText)
			paired[k]--
			return paired[k] >= 0
		})
	}
	// What could not be compiled is not known to be gone, or new.
	unknown := func(failures []failure) func(heapSite) bool {
		return func(s heapSite) bool {
			return slices.ContainsFunc(failures, func(f failure) bool { return f.Package == s.Package })
		}
	}
	return &heapChanges{
		Added:   append([]heapSite{}, slices.DeleteFunc(now, unknown(before.failures))...),
		Removed: append([]heapSite{}, slices.DeleteFunc(old, unknown(after.failures))...),
	}
}

func (s heapSite) says() string {
	text := "allocates " + s.What
	if s.Via != "" {
		text += " in " + s.Via + ", which is inlined"
	}
	return text
}

func (c *heapChanges) summary() string {
	return fmt.Sprintf("%s added, %s removed from %s to %s", plural(len(c.Added), "allocating place"), plural(len(c.Removed), "allocating place"), c.From, c.To)
}

// A heapFunc is a function that has changes.
type heapFunc struct {
	name           string
	added, removed []heapSite
}

// functions returns the functions that have changes, in order.
func (c *heapChanges) functions() (list []*heapFunc) {
	byName := make(map[string]*heapFunc)
	of := func(s heapSite) *heapFunc {
		name := s.Package + "." + s.Func
		if byName[name] == nil {
			byName[name] = &heapFunc{name: name}
			list = append(list, byName[name])
		}
		return byName[name]
	}
	for _, s := range c.Added {
		of(s).added = append(of(s).added, s)
	}
	for _, s := range c.Removed {
		of(s).removed = append(of(s).removed, s)
	}
	slices.SortFunc(list, func(a, b *heapFunc) int { return cmp.Compare(a.name, b.name) })
	return list
}

func writeHeapText(out io.Writer, c *heapChanges, s style) error {
	w := bufio.NewWriter(out)
	for _, f := range c.functions() {
		fmt.Fprintf(w, "%s\n", s.bold(f.name))
		for _, site := range f.added {
			fmt.Fprintf(w, "\t%s %s:%d: %s: %s\n", s.bad("+"), site.File, site.Line, site.says(), s.dim(site.Text))
		}
		for _, site := range f.removed {
			fmt.Fprintf(w, "\t%s %s:%d: %s: %s\n", s.good("-"), site.File, site.Line, site.says(), s.dim(site.Text))
		}
	}
	if len(c.Added)+len(c.Removed) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, s.bold(c.summary()))
	return w.Flush()
}

func writeHeapJSON(w io.Writer, c *heapChanges, _ style) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	return enc.Encode(c)
}

// writeHeapMarkdown writes a table for a comment on a pull request.
func writeHeapMarkdown(out io.Writer, c *heapChanges, _ style) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "**heapvet diff:** %s\n", c.summary())
	if len(c.Added)+len(c.Removed) > 0 {
		fmt.Fprint(w, "\n| | function | place | what |\n|---|---|---|---|\n")
	}
	row := func(sign, name string, s heapSite) {
		text := strings.ReplaceAll(s.Text, "|", `\|`)
		if len(text) > 80 {
			text = text[:77] + "..."
		}
		fmt.Fprintf(w, "| %s | `%s` | `%s:%d` | %s: `` %s `` |\n", sign, name, s.File, s.Line, s.says(), text)
	}
	for _, f := range c.functions() {
		for _, s := range f.added {
			row("+", f.name, s)
		}
		for _, s := range f.removed {
			row("−", f.name, s)
		}
	}
	return w.Flush()
}

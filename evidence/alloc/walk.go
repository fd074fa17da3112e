package alloc

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// A Policy says what a walk along the calls of a function need not look into. A nil
// function says no to all.
type Policy struct {
	// Exempt reports whether what happens at a place is of no concern.
	Exempt func(stack []Frame) bool
	// Dynamic reports whether somebody else answers for the call of a function value or
	// of an interface method at a place.
	Dynamic func(stack []Frame) bool
	// Trusted reports whether somebody else answers for the function of which the
	// declaration is there.
	Trusted func(decl Frame) bool
	// Strict also counts what functions of the standard library allocate where
	// something went wrong.
	Strict bool
}

// A Path leads from a function to a place that allocates, or may allocate.
type Path struct {
	Kind   Kind    // what is allocated there; 0 if it is not certain that something is
	Steps  []Frame // the places on the way, callers first; functions that were inlined are steps of their own
	Callee string  // the function that was not looked into any more; "" for an allocator or a dynamic call
	Reason string  // with Callee, why: "" if it is known to allocate
}

// Walk follows the calls of the compiled function fn and returns a path for each
// of its places that may allocate. Compiled functions of other packages are read
// from their archives; for the standard library there is a table.
func (r *Report) Walk(fn string, p Policy) []Path {
	o, err := r.own()
	if err != nil {
		return []Path{{Callee: fn, Reason: err.Error()}}
	}
	w := &walk{Policy: p, done: make(map[string]*Path), lookup: func(name string) ([]function, *Path) { return r.lookup(name, p.Strict) }}
	// What calls itself, or is a wrapper of its instances, adds nothing by that.
	for _, name := range o.names() {
		if Bare(name) == fn {
			w.done[name] = nil
		}
	}
	var paths []Path
	for _, name := range o.names() {
		// A function literal is called, or it is of no concern to anybody.
		if Bare(name) != fn {
			continue
		}
		for _, f := range o.funcs[name] {
			w.uses(f, func(path Path) bool {
				// An instance of a generic function is a wrapper of its body.
				for len(path.Steps) > 1 && Bare(path.Steps[0].Func) == fn && Bare(path.Steps[1].Func) == fn {
					path.Steps = path.Steps[1:]
				}
				paths = append(paths, path)
				return true
			})
		}
	}
	return paths
}

// A walk remembers which functions were seen.
type walk struct {
	Policy
	// lookup returns the code of a function; where there is none, a path if that means
	// that the function may allocate.
	lookup func(name string) ([]function, *Path)
	done   map[string]*Path // nil for those without a path
}

// uses calls yield with a path for each place of f that may allocate, until it
// returns false.
func (w *walk) uses(f function, yield func(Path) bool) {
	uses, err := f.uses()
	if err != nil {
		yield(Path{Callee: f.name(f.sym), Reason: err.Error()})
		return
	}
	seen := make(map[string]bool)
	for _, u := range uses {
		path := w.use(u)
		if path == nil {
			continue
		}
		// One place may be several instructions, and several places one line.
		key := fmt.Sprint(u.stack, path.Kind, path.Callee)
		if !seen[key] && !yield(*path) {
			return
		}
		seen[key] = true
	}
}

// use returns the path that begins with a reference, nil if there is none.
func (w *walk) use(u use) *Path {
	exempt := func() bool {
		return w.Exempt != nil && w.Exempt(u.stack) || !w.Strict && slices.ContainsFunc(u.stack, once)
	}
	steps := slices.Clone(u.stack)
	slices.Reverse(steps)
	if u.name == "" {
		if harmless(u.stack[0]) || w.Dynamic != nil && w.Dynamic(u.stack) || exempt() {
			return nil
		}
		return &Path{Steps: steps}
	}
	if kind, ok := kindOf(u.name); ok {
		if exempt() {
			return nil
		}
		return &Path{Kind: kind, Steps: steps}
	}
	name, value := strings.CutSuffix(u.name, "·f") // a function as a value: presumed to be called
	if !value && !u.call || exempt() {
		return nil
	}
	path := w.function(name)
	if path == nil {
		return nil
	}
	further := *path
	further.Steps = append(steps, path.Steps...)
	return &further
}

// function returns the first path of a function, nil if it has none.
func (w *walk) function(name string) *Path {
	if path, ok := w.done[name]; ok {
		return path
	}
	// A function that calls itself, perhaps by way of others, adds nothing by that.
	w.done[name] = nil
	w.done[name] = w.find(name)
	return w.done[name]
}

func (w *walk) find(name string) *Path {
	if strings.HasPrefix(name, "type:") || strings.HasPrefix(name, "go:") {
		return nil // compares or hashes
	}
	if slices.Contains(measured, Bare(name)) {
		return nil
	}
	funcs, path := w.lookup(name)
	if path != nil {
		return path
	}
	var first *Path
	for _, f := range funcs {
		if w.Trusted != nil && w.Trusted(f.declaration()) {
			return nil
		}
		w.uses(f, func(path Path) bool {
			first = &path
			return false
		})
		if first != nil {
			break
		}
	}
	return first
}

// lookup finds the code of a function in the package, or in one that it imports.
func (r *Report) lookup(name string, strict bool) ([]function, *Path) {
	o, _ := r.own()
	if funcs := o.funcs[name]; len(funcs) > 0 {
		return funcs, nil
	}
	pkg := packageOf(name)
	if known, free := stdFree(o.release, pkg, name, strict); known {
		if free {
			return nil, nil
		}
		return nil, &Path{Callee: name}
	}
	if pkg == Prefix(r.pass.Pkg) {
		isAssembly := func(file string) bool { return strings.HasSuffix(file, ".s") }
		if slices.ContainsFunc(r.pass.OtherFiles, isAssembly) || strings.Contains(name, "._cgo") || strings.Contains(name, "._C") {
			return nil, nil
		}
		return nil, &Path{Callee: name, Reason: "it has no body here"}
	}
	funcs, err := r.imported(pkg, name)
	if err != nil {
		return nil, &Path{Callee: name, Reason: err.Error()}
	}
	return funcs, nil
}

// imported returns the code of a function of another package.
func (r *Report) imported(pkg, name string) ([]function, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o, ok := r.foreign[pkg]
	if !ok {
		file, err := r.escape.Archive(unescape(pkg))
		if err != nil {
			return nil, err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if o, err = readObject(data); err != nil {
			return nil, err
		}
		r.foreign[pkg] = o
	}
	funcs := o.funcs[name]
	if len(funcs) == 0 {
		return nil, fmt.Errorf("its code is not in package %s", unescape(pkg))
	}
	return funcs, nil
}

// packageOf returns the package path that a symbol begins with, as it is written there.
func packageOf(symbol string) string {
	symbol, _, _ = strings.Cut(symbol, "[")
	slash := strings.LastIndex(symbol, "/")
	dot := strings.Index(symbol[slash+1:], ".")
	if dot < 0 {
		return symbol
	}
	return symbol[:slash+1+dot]
}

// unescape returns the package path that is so written in symbols.
func unescape(path string) string {
	if !strings.Contains(path, "%") {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			b.WriteByte(unhex(path[i+1])<<4 | unhex(path[i+2]))
			i += 2
			continue
		}
		b.WriteByte(path[i])
	}
	return b.String()
}

func unhex(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

package unit

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// facts are all facts known to a unit: those of its dependencies and its own.
type facts struct {
	pkg *types.Package
	mu  sync.Mutex
	m   map[factKey]analysis.Fact
}

type factKey struct {
	pkg *types.Package
	obj types.Object // nil for a fact about the package
	typ reflect.Type
}

// wireFact is a fact in a vetx file. Names and types of its fields are those of
// x/tools' unitchecker, so that either can read what the other wrote.
type wireFact struct {
	PkgPath string
	Object  objectpath.Path
	Fact    analysis.Fact
}

// registerFacts tells gob about all fact types that the analyzers use, in their order.
func registerFacts(analyzers []*analysis.Analyzer) {
	walk(analyzers, func(a *analysis.Analyzer) {
		for _, f := range a.FactTypes {
			gob.Register(f)
		}
	})
}

// walk visits the analyzers and all that they require, each once, prerequisites first.
func walk(analyzers []*analysis.Analyzer, visit func(*analysis.Analyzer)) {
	seen := make(map[*analysis.Analyzer]bool)
	var do func([]*analysis.Analyzer)
	do = func(as []*analysis.Analyzer) {
		for _, a := range as {
			if !seen[a] {
				seen[a] = true
				do(a.Requires)
				visit(a)
			}
		}
	}
	do(analyzers)
}

// decodeFacts reads the facts that the direct imports of pkg hand on.
// Facts about what pkg cannot refer to are dropped.
func decodeFacts(pkg *types.Package, read func(path string) ([]byte, error), packages map[string]*types.Package) (*facts, error) {
	f := &facts{pkg: pkg, m: make(map[factKey]analysis.Fact)}
	for _, imp := range pkg.Imports() {
		data, err := read(imp.Path())
		if err != nil {
			return nil, err
		}
		if len(data) == 0 {
			continue
		}
		var wire []wireFact
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&wire); err != nil {
			return nil, fmt.Errorf("facts of package %s were not written by this version of the tool (%v); 'go clean -cache' removes them", imp.Path(), err)
		}
		for _, w := range wire {
			p := packages[w.PkgPath]
			if p == nil {
				continue
			}
			key := factKey{pkg: p, typ: reflect.TypeOf(w.Fact)}
			if w.Object != "" {
				if key.obj, err = objectpath.Object(p, w.Object); err != nil {
					continue // not visible from here
				}
			}
			f.m[key] = w.Fact
		}
	}
	return f, nil
}

// encode returns the facts that importers of the package may ask for: its own,
// and those about types, methods and fields of its dependencies, which can be
// reached without importing their package. Equal facts give equal bytes.
func (f *facts) encode() ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var (
		paths objectpath.Encoder
		wire  []wireFact
	)
	for key, fact := range f.m {
		if key.pkg != f.pkg {
			if key.obj == nil {
				continue
			}
			if _, isType := key.obj.(*types.TypeName); !isType && key.obj.Parent() == key.pkg.Scope() {
				continue
			}
		}
		w := wireFact{PkgPath: key.pkg.Path(), Fact: fact}
		if key.obj != nil {
			path, err := paths.For(key.obj)
			if err != nil {
				continue // local: nobody can ask
			}
			w.Object = path
		}
		wire = append(wire, w)
	}
	if len(wire) == 0 {
		return nil, nil
	}
	slices.SortFunc(wire, func(x, y wireFact) int {
		return cmp.Or(
			cmp.Compare(x.PkgPath, y.PkgPath),
			cmp.Compare(x.Object, y.Object),
			cmp.Compare(reflect.TypeOf(x.Fact).String(), reflect.TypeOf(y.Fact).String()))
	})
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(wire); err != nil {
		return nil, fmt.Errorf("cannot encode the facts of package %s: %v", f.pkg.Path(), err)
	}
	return buf.Bytes(), nil
}

func (f *facts) get(key factKey, into analysis.Fact) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	fact, ok := f.m[key]
	if ok {
		reflect.ValueOf(into).Elem().Set(reflect.ValueOf(fact).Elem())
	}
	return ok
}

func (f *facts) set(key factKey, fact analysis.Fact) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.m[key] = fact
}

// bind gives the pass access to the facts of its analyzer.
func (f *facts) bind(pass *analysis.Pass) {
	pass.ImportObjectFact = func(obj types.Object, fact analysis.Fact) bool {
		return f.get(factKey{obj.Pkg(), obj, reflect.TypeOf(fact)}, fact)
	}
	pass.ImportPackageFact = func(pkg *types.Package, fact analysis.Fact) bool {
		return f.get(factKey{pkg, nil, reflect.TypeOf(fact)}, fact)
	}
	pass.ExportObjectFact = func(obj types.Object, fact analysis.Fact) {
		if obj.Pkg() != f.pkg {
			panic(fmt.Sprintf("fact %T about %v, which is not of package %s", fact, obj, f.pkg.Path()))
		}
		f.set(factKey{f.pkg, obj, reflect.TypeOf(fact)}, fact)
	}
	pass.ExportPackageFact = func(fact analysis.Fact) {
		f.set(factKey{f.pkg, nil, reflect.TypeOf(fact)}, fact)
	}
	mine := make(map[reflect.Type]bool)
	for _, t := range pass.Analyzer.FactTypes {
		mine[reflect.TypeOf(t)] = true
	}
	pass.AllObjectFacts = func() (all []analysis.ObjectFact) {
		f.mu.Lock()
		defer f.mu.Unlock()
		for key, fact := range f.m {
			if key.obj != nil && mine[key.typ] {
				all = append(all, analysis.ObjectFact{Object: key.obj, Fact: fact})
			}
		}
		return all
	}
	pass.AllPackageFacts = func() (all []analysis.PackageFact) {
		f.mu.Lock()
		defer f.mu.Unlock()
		for key, fact := range f.m {
			if key.obj == nil && mine[key.typ] {
				all = append(all, analysis.PackageFact{Package: key.pkg, Fact: fact})
			}
		}
		return all
	}
}

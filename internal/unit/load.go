package unit

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/gcexportdata"
)

// unit is a loaded package.
type unit struct {
	cfg   *Config
	fset  *token.FileSet
	files []*ast.File
	pkg   *types.Package
	info  *types.Info
	sizes types.Sizes
	facts *facts

	imports  map[string]*types.Package // all packages that the types mention
	deps     map[string]vetx           // what direct imports handed on, read on demand
	newer    bool                      // the selected toolchain is newer than this program
	badTypes error                     // first failure to read a dependency's types

	sure map[*analysis.Analyzer][]analysis.Diagnostic // what checks find that are not asked for all
}

// maxErrors is how many errors of a package that does not compile are told.
const maxErrors = 10

// load parses and type-checks the unit and reads the facts of its dependencies.
func load(cfg *Config) (*unit, error) {
	u := &unit{
		cfg:     cfg,
		fset:    token.NewFileSet(),
		imports: make(map[string]*types.Package),
		deps:    make(map[string]vetx),
		sure:    make(map[*analysis.Analyzer][]analysis.Diagnostic),
		newer:   goMinor(os.Getenv("GOVERSION")) > goMinor(runtime.Version()),
	}
	if err := u.parse(); err != nil {
		return nil, err
	}
	if err := u.check(); err != nil {
		return nil, err
	}
	var err error
	u.facts, err = decodeFacts(u.pkg, func(path string) ([]byte, error) {
		v, err := u.vetx(path)
		return v.facts, err
	}, u.imports)
	return u, err
}

// parse reads and parses the files of the unit side by side. Each gets the positions it would
// have if they were parsed one after the other: what is chosen by position is the same on each run.
func (u *unit) parse() error {
	n := len(u.cfg.GoFiles)
	texts, errs := make([][]byte, n), make([]error, n)
	sideBySide(n, func(i int) {
		texts[i], errs[i] = os.ReadFile(u.cfg.file(u.cfg.GoFiles[i]))
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	sets := make([]*token.FileSet, n)
	for i, base := 0, u.fset.Base(); i < n; i++ {
		sets[i] = token.NewFileSet()
		if base > 1 {
			sets[i].AddFile("", 1, base-2) // stands for the files before
		}
		base += len(texts[i]) + 1
	}
	u.files = make([]*ast.File, n)
	sideBySide(n, func(i int) {
		u.files[i], errs[i] = parser.ParseFile(sets[i], u.cfg.GoFiles[i], texts[i], parser.ParseComments|parser.SkipObjectResolution)
	})
	for i, f := range u.files {
		if f != nil {
			u.fset.AddExistingFiles(sets[i].File(f.FileStart))
		}
	}
	return errors.Join(errs...)
}

// sideBySide calls f for 0 to n-1, as many at a time as there are processors.
func sideBySide(n int, f func(i int)) {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			f(i)
			return nil
		})
	}
	g.Wait()
}

func (u *unit) check() error {
	compiler := u.cfg.Compiler
	if compiler == "" {
		compiler = "gc"
	}
	goarch := os.Getenv("GOARCH")
	if goarch == "" {
		goarch = runtime.GOARCH
	}
	u.sizes = types.SizesFor(compiler, goarch)
	u.info = &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
	var errs []error
	tc := &types.Config{
		Importer:  u,
		Sizes:     u.sizes,
		GoVersion: u.cfg.GoVersion,
		Error:     func(err error) { errs = append(errs, err) },
	}
	pkg, _ := tc.Check(u.cfg.ImportPath, u.fset, u.files, u.info)
	u.pkg = pkg
	switch {
	case len(errs) == 0:
		return nil
	case goMinor(u.cfg.GoVersion) > goMinor(runtime.Version()):
		return tooOld(u.cfg, u.cfg.GoVersion)
	case u.newer && u.badTypes != nil:
		return tooOld(u.cfg, os.Getenv("GOVERSION"))
	case len(errs) > maxErrors:
		errs = append(errs[:maxErrors], errors.New("too many errors"))
	}
	return errors.Join(errs...)
}

func tooOld(cfg *Config, version string) error {
	return fmt.Errorf("package %s: heapvet was built with %s but this package needs go1.%d: rebuild heapvet with it",
		cfg.ImportPath, goRelease(runtime.Version()), goMinor(version))
}

// goMinor returns 26 for "go1.26.8", "go1.26" and "devel go1.26-abc", and 0 for
// what it does not know.
func goMinor(version string) int {
	_, rest, ok := strings.Cut(version, "go1.")
	if !ok {
		return 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || '9' < r })
	if end < 0 {
		end = len(rest)
	}
	n, _ := strconv.Atoi(rest[:end])
	return n
}

func goRelease(version string) string {
	if n := goMinor(version); n > 0 {
		return "go1." + strconv.Itoa(n)
	}
	return version
}

// vetx returns what the unit of a direct import handed on. If that unit failed,
// there is nothing: less is known, and less will be reported.
func (u *unit) vetx(path string) (vetx, error) {
	if v, ok := u.deps[path]; ok {
		return v, nil
	}
	if u.cfg.Again != nil {
		return vetx{facts: u.cfg.Facts[path]}, nil
	}
	name := u.cfg.PackageVetx[path]
	if name == "" {
		return vetx{}, nil
	}
	v, err := readVetx(name)
	if err != nil {
		return vetx{}, fmt.Errorf("package %s: %v", path, err)
	}
	u.deps[path] = v
	return v, nil
}

// Import implements [types.Importer].
func (u *unit) Import(importPath string) (*types.Package, error) {
	path, ok := u.cfg.ImportMap[importPath]
	if !ok {
		return nil, fmt.Errorf("the go command does not know import %q", importPath)
	}
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := u.imports[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	pkg, err := u.readTypes(path)
	if err != nil && u.badTypes == nil {
		u.badTypes = err
	}
	return pkg, err
}

func (u *unit) readTypes(path string) (*types.Package, error) {
	if file := u.cfg.PackageFile[path]; file != "" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		//lint:ignore SA1019 these are the compiler's archives, as the go command of 1.26 to 1.28 hands them over; later ones leave PackageFile empty
		r, err := gcexportdata.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("cannot read the types of package %s: %v", path, err)
		}
		return gcexportdata.Read(r, u.fset, u.imports, path)
	}
	v, err := u.vetx(path)
	if err != nil {
		return nil, err
	}
	if len(v.types) == 0 {
		return nil, fmt.Errorf("the go command hands over no types of package %s", path)
	}
	return gcexportdata.Read(io.MultiReader(strings.NewReader("i"), bytes.NewReader(v.types)), u.fset, u.imports, path)
}

// writeVetx hands on what importers need.
func (u *unit) writeVetx() error {
	if u.cfg.VetxOutput == "" {
		return nil
	}
	var out vetx
	var err error
	if out.facts, err = u.facts.encode(); err != nil {
		return err
	}
	if u.cfg.needsTypes() {
		var buf bytes.Buffer
		if err := gcexportdata.Write(&buf, u.fset, u.pkg); err != nil {
			return fmt.Errorf("cannot export the types of package %s: %v", u.cfg.ImportPath, err)
		}
		out.types = buf.Bytes()[1:]
	}
	return out.write(u.cfg.VetxOutput)
}

// isSourceError reports whether err is about the program, not about the tool;
// such errors are printed as the compiler prints them.
func isSourceError(err error) bool {
	if _, ok := errors.AsType[types.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[scanner.ErrorList](err); ok {
		return true
	}
	return false
}

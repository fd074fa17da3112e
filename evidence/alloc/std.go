package alloc

import (
	_ "embed"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
)

// The functions of the standard library that allocate nothing, for each release:
// go run ./internal/gen std. A line has a package and its functions; a "?" behind a
// function says that it allocates where something went wrong.
var (
	//go:embed std1.26.txt
	std26 string
	//go:embed std1.27.txt
	std27 string
)

var tables = map[int]func() map[string]map[string]bool{
	26: sync.OnceValue(func() map[string]map[string]bool { return parseStd(std26) }),
	27: sync.OnceValue(func() map[string]map[string]bool { return parseStd(std27) }),
}

func parseStd(text string) map[string]map[string]bool {
	table := make(map[string]map[string]bool)
	for line := range strings.Lines(text) {
		pkg, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		funcs := make(map[string]bool)
		for name := range strings.FieldsSeq(rest) {
			name, rare := strings.CutSuffix(name, "?")
			funcs[name] = rare
		}
		table[pkg] = funcs
	}
	return table
}

// runtimeAllocates are the functions of the runtime that allocate and that are called
// by name. The rest of the runtime allocates for itself if at all: records of those
// who wait, stacks.
var runtimeAllocates = []string{"SetFinalizer", "AddCleanup", "CallersFrames", "mapclone", "mapclone2", "Stack", "StartTrace", "ReadTrace", "GoroutineProfile",
	"MemProfile", "BlockProfile", "MutexProfile", "ThreadCreateProfile", "NewPanicNilError", "Version", "GOROOT"}

// measured are functions of which the machine code does not show that they allocate
// nothing, and a measurement does, or that do so for themselves, once.
var measured = []string{
	"crypto/md5.Sum", "crypto/sha1.Sum", "crypto/sha256.Sum256", "crypto/sha256.Sum224", "crypto/sha512.Sum512",
	"hash/crc32.Checksum", "hash/crc32.ChecksumIEEE", "hash/crc32.Update", "hash/crc32.update",
	"internal/sync.(*HashTrieMap).Load", "internal/sync.(*HashTrieMap).initSlow",
	"math/rand/v2.(*Rand).Uint64", "math/rand/v2.(*Rand).uint64n", "math/rand/v2.(*Rand).uint32n",
	"math/rand/v2.(*Rand).NormFloat64", "math/rand/v2.(*Rand).ExpFloat64",
	"strings.IndexRune", "sync.(*Pool).Put",
}

// once reports whether a place is in the code that sync.Once and its kin run but once.
func once(f Frame) bool {
	return strings.HasSuffix(f.File, "/src/sync/once.go") || strings.HasSuffix(f.File, "/src/sync/oncefunc.go")
}

// harmless reports whether dynamic calls at a place are known not to allocate: those
// of assembly, and of sources of random numbers.
func harmless(f Frame) bool {
	return strings.HasSuffix(f.File, ".s") || strings.HasSuffix(f.File, "/src/math/rand/v2/rand.go")
}

// stdFree reports whether a package is of the standard library and, if so, whether
// its function of that name allocates nothing.
func stdFree(release int, pkg, name string, strict bool) (known, free bool) {
	if slices.Contains(measured, Bare(name)) {
		return true, true
	}
	name, _ = strings.CutPrefix(Bare(name), pkg+".")
	if isRuntime(pkg) {
		return true, !slices.Contains(runtimeAllocates, name) && !(pkg == "internal/runtime/maps" && growsMap(name))
	}
	table := tables[release]
	if table == nil {
		table = tables[newestTable]
	}
	funcs, known := table()[pkg]
	rare, free := funcs[name]
	return known, free && !(rare && strict)
}

// growsMap reports whether a function of the implementation of maps makes a map, or room
// in one.
func growsMap(name string) bool {
	return slices.ContainsFunc([]string{"New", "new", "Put", "put", "grow", "Clone", "rehash", "split"}, func(part string) bool {
		return strings.Contains(name, part)
	})
}

func isRuntime(pkg string) bool {
	return pkg == "runtime" || strings.HasPrefix(pkg, "internal/runtime/")
}

// newestTable is the release whose table serves those that have none.
const newestTable = 27

// Free returns the text of the table for the standard library, of which the
// archives are given by package path.
func Free(archives map[string]string) (string, error) {
	objects := make(map[string][]function)
	var names []string
	for _, file := range archives {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		o, err := readObject(data)
		if err != nil {
			return "", err
		}
		for name, funcs := range o.funcs {
			objects[name] = append(objects[name], funcs...)
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)

	sources := make(map[string]*Source)
	source := func(file string) *Source {
		if _, ok := sources[file]; !ok {
			sources[file] = readSource(file)
		}
		return sources[file]
	}
	free := func(strict bool) map[string]bool {
		callers := make(map[string][]string)
		var bad []string // to be propagated to their callers
		for _, name := range names {
			if isRuntime(packageOf(name)) {
				continue
			}
			if slices.Contains(measured, Bare(name)) {
				continue
			}
			for _, f := range objects[name] {
				uses, err := f.uses()
				ok := err == nil
				for _, u := range uses {
					if !strict && slices.ContainsFunc(u.stack, func(f Frame) bool {
						s := source(f.File)
						return once(f) || s != nil && s.Rare[f.Line]
					}) {
						continue
					}
					if u.name == "" {
						s := source(u.stack[0].File)
						ok = ok && (harmless(u.stack[0]) || s != nil && s.Params[u.stack[0].Line])
						continue
					}
					if _, is := kindOf(u.name); is {
						ok = false
						continue
					}
					callee, value := strings.CutSuffix(u.name, "·f")
					if pkg := packageOf(callee); isRuntime(pkg) {
						_, free := stdFree(0, pkg, callee, strict)
						ok = ok && free
					} else if value || u.call {
						callers[callee] = append(callers[callee], name)
					}
				}
				if !ok {
					bad = append(bad, name)
				}
			}
		}
		found := make(map[string]bool)
		for _, name := range names {
			found[name] = true
		}
		for len(bad) > 0 {
			name := bad[len(bad)-1]
			bad = bad[:len(bad)-1]
			if found[name] {
				found[name] = false
				bad = append(bad, callers[name]...)
			}
		}
		return found
	}
	always, mostly := free(true), free(false)
	byPackage := make(map[string][]string)
	for pkg := range archives {
		if !isRuntime(pkg) {
			byPackage[pkg] = nil
		}
	}
	for _, name := range names {
		pkg := packageOf(name)
		if _, ok := byPackage[pkg]; !ok || !mostly[name] || !callable(name[len(pkg):]) {
			continue
		}
		short := name[len(pkg)+1:]
		if !always[name] {
			short += "?"
		}
		byPackage[pkg] = append(byPackage[pkg], short)
	}
	var b strings.Builder
	for _, pkg := range slices.Sorted(maps.Keys(byPackage)) {
		b.WriteString(strings.TrimSpace(pkg + " " + strings.Join(byPackage[pkg], " ")))
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// callable reports whether code of other packages may call a function: not an
// instance, a function literal, a wrapper.
func callable(name string) bool {
	return !strings.ContainsAny(name, "[-·") && !strings.Contains(name, ".func") && !strings.Contains(name, "wrap") && !strings.HasPrefix(name, ".init")
}

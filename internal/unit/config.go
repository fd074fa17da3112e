package unit

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Config describes one unit of work: a package, or a test variant of one.
// The go command writes it to a file whose name ends with ".cfg".
type Config struct {
	ID            string // "fmt [fmt.test]"
	Compiler      string // "gc"
	Dir           string
	ImportPath    string
	GoVersion     string // of the module: "go1.25"
	GoFiles       []string
	NonGoFiles    []string
	IgnoredFiles  []string
	ModulePath    string            // up to Go 1.26
	ModuleVersion string            // up to Go 1.26
	Module        *analysis.Module  // since Go 1.27
	ImportMap     map[string]string // import path in the source to package path
	PackageFile   map[string]string // package path to file with export data
	Standard      map[string]bool
	PackageVetx   map[string]string // package path to the output of an earlier unit
	VetxOnly      bool              // somebody depends on it; nobody asked for its findings
	VetxOutput    string
	Stdout        string // goes to this file, if set
	FixArchive    string // fixed files go to this zip archive, if set

	*Again // nil if the go command runs the unit
}

func readConfig(name string) (*Config, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	cfg := new(Config)
	if err := json.Unmarshal(data, cfg); err != nil {
		return nil, fmt.Errorf("%s is not a unit that the go command wrote: %v", name, err)
	}
	if len(cfg.GoFiles) == 0 {
		return nil, fmt.Errorf("package %s has no Go files", cfg.ImportPath)
	}
	return cfg, nil
}

// own reports whether the unit belongs to a main module, that is, whether its
// facts are of use to anybody. Replaced modules have a version, too.
func (cfg *Config) own() bool {
	if m := cfg.Module; m != nil {
		return m.Main
	}
	if cfg.ModulePath != "" {
		return cfg.ModuleVersion == ""
	}
	// Standard library, or no modules at all.
	goroot := os.Getenv("GOROOT")
	return goroot != "" && !within(cfg.Dir, filepath.Join(goroot, "src"))
}

// foreign reports whether the unit is the code of another module.
func (cfg *Config) foreign() bool {
	if m := cfg.Module; m != nil {
		return !m.Main
	}
	return cfg.ModuleVersion != ""
}

func within(name, dir string) bool {
	rel, err := filepath.Rel(dir, name)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// lastWithPackageFile is the newest Go release known to hand compiled
// dependencies to its vet tool.
const lastWithPackageFile = 27

// needsTypes reports whether types must travel through vetx files, because the
// go command does not hand over the export data of dependencies (golang/go#79454).
// A package that imports nothing has none to show, whatever the go command does.
func (cfg *Config) needsTypes() bool {
	if cfg.PackageFile == nil {
		return true
	}
	leaf := true
	for _, path := range cfg.ImportMap {
		if path == "unsafe" || path == "C" {
			continue
		}
		leaf = false
		if cfg.PackageFile[path] == "" {
			return true
		}
	}
	return leaf && goMinor(os.Getenv("GOVERSION")) > lastWithPackageFile
}

// module is what analyzers learn about the module of the unit.
func (cfg *Config) module() *analysis.Module {
	if cfg.Module == nil && cfg.ModulePath != "" {
		return &analysis.Module{
			Path:      cfg.ModulePath,
			Version:   cfg.ModuleVersion,
			GoVersion: cfg.GoVersion,
		}
	}
	return cfg.Module
}

// A vetx file hands facts, and where needed types, to the units that import the
// package. Its layout is that of x/tools' unitchecker: magic, two lengths, export
// data (indexed format without its "i"), facts (gob). Types are left out
// wherever the go command provides them.

const vetxMagic = "vetx"

type vetx struct{ types, facts []byte }

func (v vetx) write(name string) error {
	data := make([]byte, 0, 12+len(v.types)+len(v.facts))
	data = append(data, vetxMagic...)
	data = binary.LittleEndian.AppendUint32(data, uint32(len(v.types)))
	data = binary.LittleEndian.AppendUint32(data, uint32(len(v.facts)))
	data = append(data, v.types...)
	data = append(data, v.facts...)
	return os.WriteFile(name, data, 0o666)
}

func readVetx(name string) (vetx, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return vetx{}, err
	}
	if len(data) < 12 || string(data[:4]) != vetxMagic {
		return vetx{}, fmt.Errorf("%s was not written by this version of the tool; 'go clean -cache' removes it", name)
	}
	types, facts := binary.LittleEndian.Uint32(data[4:]), binary.LittleEndian.Uint32(data[8:])
	if data = data[12:]; uint64(types)+uint64(facts) != uint64(len(data)) {
		return vetx{}, fmt.Errorf("%s is damaged; 'go clean -cache' removes it", name)
	}
	return vetx{data[:types], data[types:]}, nil
}

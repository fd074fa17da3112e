package unit

import (
	"os"
	"strings"
)

// Description is the name among the results of a unit under which it describes itself,
// with the flag -describe. Who keeps it, as a Config, can run the unit again without the
// go command, as long as the unit imports the same packages and these are the same.
const Description = "heapvet.unit"

// Again is what a unit needs beyond what the go command says, to be run without it.
type Again struct {
	Facts   map[string][]byte // package path to what its unit handed on; in place of PackageVetx
	Env     []string          // variables that the go command sets
	Overlay map[string]string `json:",omitempty"` // file to another file, which has its contents
}

// description returns what the unit needs to be run again.
func (u *unit) description() (*Config, error) {
	cfg := *u.cfg
	cfg.VetxOutput, cfg.Stdout, cfg.PackageVetx = "", "", nil
	cfg.Again = &Again{Facts: make(map[string][]byte)}
	for path := range u.cfg.PackageVetx {
		v, err := u.vetx(path)
		if err != nil {
			return nil, err
		}
		if len(v.facts) > 0 {
			cfg.Facts[path] = v.facts
		}
	}
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "GO") || strings.HasPrefix(v, "CGO_") {
			cfg.Env = append(cfg.Env, v)
		}
	}
	return &cfg, nil
}

// file returns the name of the file with the contents of the named one.
func (cfg *Config) file(name string) string {
	if cfg.Again != nil && cfg.Overlay[name] != "" {
		return cfg.Overlay[name]
	}
	return name
}

// overlay returns the files that are to be read elsewhere.
func (cfg *Config) overlay() map[string]string {
	if cfg.Again == nil {
		return nil
	}
	return cfg.Overlay
}

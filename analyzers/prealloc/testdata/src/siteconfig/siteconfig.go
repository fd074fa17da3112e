// Package siteconfig reads a configuration.
package siteconfig

func Names(in []string) []string {
	var out []string // a configuration is read once
	for _, s := range in {
		out = append(out, "-"+s)
	}
	return out
}

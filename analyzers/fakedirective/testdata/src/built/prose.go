// go:build constraints are not needed here (see README).

package built

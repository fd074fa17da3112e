// Package commands is one of a program: what a person types is matched once.
package commands

import (
	"fmt"
	"regexp"

	"github.com/spf13/cobra"
)

func New() *cobra.Command {
	return &cobra.Command{Use: "clean", RunE: func(cmd *cobra.Command, args []string) error {
		for _, arg := range args {
			fmt.Println(Clean(arg))
		}
		return nil
	}}
}

func Clean(name string) string {
	re := regexp.MustCompile(`[^\w]+`)
	return re.ReplaceAllString(name, "-")
}

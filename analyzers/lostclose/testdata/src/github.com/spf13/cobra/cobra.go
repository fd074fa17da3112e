// Package cobra stands for the one that reads command lines.
package cobra

// Command is one of a program.
type Command struct {
	Use  string
	RunE func(cmd *Command, args []string) error
}

package cobra

type Command struct {
	Use  string
	RunE func(cmd *Command, args []string) error
}

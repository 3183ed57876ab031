package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/userfile"
)

// defaultConfigFile is read where it exists and --config names no other.
const defaultConfigFile = "esconform.yaml"

// configure sets every flag that the command line left alone from its
// environment variable or the configuration file, in that order. What is given
// and empty is an error: it comes of a variable that is not set, and to do as
// if nothing had been asked for would test another target or less.
func (a *app) configure(cmd *cobra.Command) error {
	file, values, err := a.readConfig(cmd)
	if err != nil {
		return err
	}
	var problem error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if problem != nil || commandLineOnly(f.Name) {
			return
		}
		if f.Name == "url" {
			defer func() { a.secrets.AddURL(f.Value.String()) }()
		}
		if f.Changed {
			if isEmpty(f.Value.String()) {
				problem = fmt.Errorf("--%s is empty: give a value, or leave the flag out", f.Name)
			}
			return
		}
		source, text := environmentName(f.Name), a.getenv(environmentName(f.Name))
		given := a.isSet(source)
		if !given {
			source = file
			text, given = values[f.Name]
		}
		switch {
		case !given:
			return
		case text == "":
			problem = fmt.Errorf("read %s from %s: it is empty: give a value, or leave it out", f.Name, source)
			return
		}
		if err := cmd.Flags().Set(f.Name, text); err != nil {
			problem = fmt.Errorf("read %s from %s: %w", f.Name, source, err)
		}
		markSource(f, source)
	})
	return problem
}

// commandLineOnly reports whether a flag is set on the command line alone.
func commandLineOnly(flag string) bool {
	return flag == "help" || flag == "version" || flag == "config"
}

const sourceAnnotation = "esconform_source"

func markSource(f *pflag.Flag, source string) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[sourceAnnotation] = []string{source}
}

// sourceOf says where the value of a flag came from.
func sourceOf(f *pflag.Flag) string {
	if s := f.Annotations[sourceAnnotation]; len(s) > 0 {
		return s[0]
	}
	if f.Changed {
		return "command line"
	}
	return "default"
}

// environmentName returns the variable of a flag: ESCONFORM_ES_VERSION for
// es-version.
func environmentName(flag string) string {
	return "ESCONFORM_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// readConfig reads the configuration file into one text a flag. A key that no
// command knows is an error: a mistyped one must not be silently ignored.
func (a *app) readConfig(cmd *cobra.Command) (string, map[string]string, error) {
	file, err := cmd.Flags().GetString("config")
	if err != nil {
		return "", nil, err
	}
	optional := false
	if file == "" {
		file = a.getenv(environmentName("config"))
	}
	if file == "" {
		file, optional = defaultConfigFile, true
	}
	raw, err := userfile.Read(file, userfile.Small)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("read configuration: %w", err)
	}
	values, err := parseConfig(raw, flagNames(cmd.Root()))
	if err != nil {
		return "", nil, fmt.Errorf("read configuration %s: %w", file, err)
	}
	return file, values, nil
}

func parseConfig(raw []byte, known []string) (map[string]string, error) {
	var doc, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one document: leave out what follows the line ---")
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: want \"flag: value\" lines", top.Line)
	}
	values := map[string]string{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		if !slices.Contains(known, key.Value) {
			return nil, fmt.Errorf("line %d: unknown key %q%s; keys are the names of flags", key.Line, key.Value, nearest.Hint(key.Value, known))
		}
		if _, twice := values[key.Value]; twice {
			return nil, fmt.Errorf("line %d: key %q stands twice", key.Line, key.Value)
		}
		text, err := configText(value)
		if err != nil {
			return nil, fmt.Errorf("line %d: key %q: %w", value.Line, key.Value, err)
		}
		values[key.Value] = text
	}
	return values, nil
}

// configText joins a list with commas, as flags take several values.
func configText(n *yaml.Node) (string, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return n.Value, nil
	case yaml.SequenceNode:
		var parts []string
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				return "", errors.New("a list holds plain values only")
			}
			parts = append(parts, item.Value)
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("want a value or a list of values")
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if !commandLineOnly(f.Name) {
			names = append(names, f.Name)
		}
	}
	cmd.Flags().VisitAll(add)
	for _, c := range cmd.Commands() {
		c.Flags().VisitAll(add)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// configCommand shows what "esconform run" would work with.
func (a *app) configCommand() *cobra.Command {
	run := a.runCommand()
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the effective configuration of a run and where each value comes from",
		Long: `Show the value of every flag of "esconform run", and whether it comes from the
command line, an environment variable (ESCONFORM_…), the configuration file or
the default. Secrets are not flags and are only said to be set or not.`,
		Example: `  ESCONFORM_PARALLEL=16 esconform config`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
				if f.Name != "help" {
					fmt.Fprintf(a.stdout, "%-22s %-24s %s\n", f.Name, shown(f), sourceOf(f))
				}
			})
			for _, name := range secretVariables {
				state := "not set"
				if a.getenv(name) != "" {
					state = "set"
				}
				fmt.Fprintf(a.stdout, "%-22s %-24s environment\n", name, state)
			}
			return nil
		},
	}
	cmd.Flags().AddFlagSet(run.Flags())
	return cmd
}

func isEmpty(value string) bool { return value == "" || value == "[]" }

// shown is the value of a flag without the credentials that a URL may carry.
func shown(f *pflag.Flag) string {
	value := f.Value.String()
	if isEmpty(value) {
		return "-"
	}
	if f.Name == "url" {
		return eachAddress(value, foreign.URL)
	}
	return value
}

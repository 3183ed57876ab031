package resttest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/wire"
	"github.com/esconform/esconform/steps"
)

// features are those of a runner that this one has. Tests that need others are
// skipped, as the language has it: there will be new ones.
var features = []string{
	"allowed_warnings", "allowed_warnings_regex", "arbitrary_key", "capabilities", "catch_unauthorized", "close_to",
	"cluster_features", "contains", "default_shards", "embedded_stash_key", "exists", "fips_140", "headers", "is_after",
	"node_selector", "regex", "skip_os", "stash_in_key", "stash_in_path", "transform_and_set",
	"warnings", "warnings_regex", "xpack", "yaml",
}

// conditions are what "requires" or "skip" says: reasons not to run.
type conditions struct {
	skip   bool // they are reasons to skip; else what is required
	checks []check
	reason string
	shown  []string
}

// check returns a reason not to run, or "".
type check func(context.Context, *Execution) (string, error)

func readSkip(n *yaml.Node) (action, error)     { return readConditions(n, true) }
func readRequires(n *yaml.Node) (action, error) { return readConditions(n, false) }

func readConditions(n *yaml.Node, skip bool) (action, error) {
	all, err := entries(n)
	if err != nil {
		return nil, err
	}
	c := &conditions{skip: skip}
	for _, e := range all {
		c.shown = append(c.shown, e.key.Value)
		if e.key.Value == "reason" {
			c.reason, err = text(e.value)
		} else {
			err = c.add(e)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(c.checks) == 0 {
		return nil, wrong(n, "it says no condition, only %s", strings.Join(c.shown, ", "))
	}
	return c, nil
}

func (c *conditions) String() string { return strings.Join(c.shown, ", ") }

func (c *conditions) run(ctx context.Context, x *Execution) error {
	for _, check := range c.checks {
		why, err := check(ctx, x)
		if err != nil {
			return err
		}
		if why == "" {
			continue
		}
		if c.reason != "" {
			why += ": " + c.reason
		}
		return &steps.SkipError{Reason: why}
	}
	return nil
}

func (c *conditions) add(e entry) error {
	one := func(ch check) { c.checks = append(c.checks, ch) }
	switch e.key.Value {
	case "features", "test_runner_features":
		names, err := texts(e.value)
		if err != nil {
			return err
		}
		for _, name := range names {
			if !slices.Contains(features, name) {
				one(always("it needs the feature " + name + " of the runner, which this one does not have" + nearest.Hint(name, features)))
			}
		}
		if len(c.checks) == 0 {
			one(always(""))
		}
		return nil
	case "cluster_features":
		names, err := texts(e.value)
		one(c.clusterFeatures(names))
		return err
	case "capabilities":
		return c.addCapabilities(e.value)
	}
	if !c.skip {
		return wrong(e.key, "requires knows no %q", e.key.Value)
	}
	switch e.key.Value {
	case "version":
		ranges, err := readRanges(e.value)
		one(func(_ context.Context, x *Execution) (string, error) { return ranges.reason(x.env.Version), nil })
		return err
	case "awaits_fix":
		where, err := text(e.value)
		one(always("muted until " + where + " is fixed"))
		return err
	case "os":
		names, err := texts(e.value)
		one(operatingSystem(names))
		return err
	case "known_issues":
		return c.addIssues(e.value)
	}
	return wrong(e.key, "skip knows no %q", e.key.Value)
}

func always(why string) check {
	return func(context.Context, *Execution) (string, error) { return why, nil }
}

// clusterFeatures requires all, or skips for any.
func (c *conditions) clusterFeatures(names []string) check {
	return func(ctx context.Context, x *Execution) (string, error) {
		for _, name := range names {
			has, err := x.hasFeature(ctx, name)
			if err != nil {
				return "", err
			}
			if has == c.skip {
				return map[bool]string{true: "the target has the feature ", false: "the target has no feature "}[has] + name, nil
			}
		}
		return "", nil
	}
}

// synthetic is the beginning of a feature that stands for a version.
const synthetic = "gte_v"

func (x *Execution) hasFeature(ctx context.Context, name string) (bool, error) {
	if version, is := strings.CutPrefix(name, synthetic); is {
		v, err := esversion.Parse(version)
		return err == nil && x.env.Version.AtLeast(v), err
	}
	doc, err := x.ask(ctx, "/_cluster/state/nodes?filter_path=nodes_features")
	if err != nil {
		return false, err
	}
	nodes, _ := walk(doc, []string{"nodes_features"})
	list, _ := nodes.([]any)
	for _, node := range list {
		known, _ := walk(node, []string{"features"})
		if !within(name, known) {
			return false, nil
		}
	}
	return len(list) > 0, nil
}

func (c *conditions) addIssues(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return wrong(n, "want a list of issues")
	}
	for _, item := range n.Content {
		v, err := value(item)
		if err != nil {
			return err
		}
		issue, _ := v.(map[string]any)
		from, fixed := plain(issue["cluster_feature"]), plain(issue["fixed_by"])
		if len(issue) != 2 || from == "" || fixed == "" {
			return wrong(item, "an issue is cluster_feature and fixed_by")
		}
		c.checks = append(c.checks, func(ctx context.Context, x *Execution) (string, error) {
			has, err := x.hasFeature(ctx, from)
			if err != nil || !has {
				return "", err
			}
			mended, err := x.hasFeature(ctx, fixed)
			if err != nil || mended {
				return "", err
			}
			return "a known issue of " + from, nil
		})
	}
	return nil
}

func (c *conditions) addCapabilities(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return wrong(n, "want a list of capabilities")
	}
	for _, item := range n.Content {
		all, err := entries(item)
		if err != nil {
			return err
		}
		query := url.Values{}
		for _, e := range all {
			if !slices.Contains([]string{"method", "path", "parameters", "capabilities"}, e.key.Value) {
				return wrong(e.key, "capabilities know no %q", e.key.Value)
			}
			values, err := texts(e.value)
			if err != nil {
				return err
			}
			query.Set(e.key.Value, strings.Join(values, ","))
		}
		c.checks = append(c.checks, c.capability(query))
	}
	return nil
}

func (c *conditions) capability(query url.Values) check {
	return func(ctx context.Context, x *Execution) (string, error) {
		doc, err := x.ask(ctx, "/_capabilities?"+query.Encode())
		if err != nil {
			return "", err
		}
		supported, _ := walk(doc, []string{"supported"})
		if (supported == true) != c.skip {
			return "", nil
		}
		return fmt.Sprintf("the target says %s of the capability %s %s %s", brief(supported), query.Get("method"), query.Get("path"), query.Get("capabilities")), nil
	}
}

func operatingSystem(names []string) check {
	return func(ctx context.Context, x *Execution) (string, error) {
		doc, err := x.ask(ctx, "/_nodes/os?filter_path=nodes.*.os.pretty_name,nodes.*.os.name")
		if err != nil {
			return "", err
		}
		found := strings.ToLower(strings.ReplaceAll(brief(doc), " ", "-"))
		for _, name := range names {
			if strings.Contains(found, strings.ToLower(name)) {
				return "not on " + name, nil
			}
		}
		return "", nil
	}
}

// ask reads something of the target that a condition needs. A target that does
// not know the question has nothing of it. The request is no evidence.
func (x *Execution) ask(ctx context.Context, path string) (any, error) {
	res, err := x.env.Session.Client().Session().Do(ctx, wire.Request{Method: http.MethodGet, Path: path, Purpose: "see whether the test applies"})
	if err != nil || res.Status != http.StatusOK {
		return nil, err
	}
	doc, err := jsonval.Decode(res.Body)
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", path, err)
	}
	return doc, nil
}

// flavours is the condition of a whole file: which kinds of Elasticsearch it
// is for, and behind which flag the feature is that it is about.
type flavours struct {
	serverless, stack bool
	flag              string
}

func readFlavours(n *yaml.Node) (action, error) {
	f := flavours{}
	all, err := entries(n)
	if err != nil {
		return f, err
	}
	for _, e := range all {
		var err error
		switch e.key.Value {
		case "serverless":
			f.serverless, err = flag(e.value)
		case "stack":
			f.stack, err = flag(e.value)
		case "feature_flag":
			f.flag, err = text(e.value)
		default:
			err = wrong(e.key, "a file requires serverless, stack and feature_flag, not %q", e.key.Value)
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

func flag(n *yaml.Node) (bool, error) {
	b, err := strconv.ParseBool(n.Value)
	if err != nil {
		return false, wrong(n, "want true or false, not %s", short(n))
	}
	return b, nil
}

func (f flavours) String() string {
	shown := fmt.Sprintf("serverless: %t, stack: %t", f.serverless, f.stack)
	if f.flag != "" {
		shown += ", feature_flag: " + f.flag
	}
	return shown
}

func (f flavours) run(_ context.Context, x *Execution) error {
	switch {
	case x.env.Serverless && !f.serverless:
		return &steps.SkipError{Reason: "it is not for a serverless Elasticsearch"}
	case !x.env.Serverless && !f.stack:
		return &steps.SkipError{Reason: "it is for a serverless Elasticsearch only"}
	case f.flag != "":
		return &steps.SkipError{Reason: "it is for what only the feature flag " + f.flag + " turns on, which no run can see"}
	}
	return nil
}

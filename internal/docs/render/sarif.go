package render

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/foreign"
)

// The parts of SARIF 2.1.0 that code hosts read.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID   string    `json:"id"`
	Text sarifText `json:"shortDescription"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
	EndLine   int `json:"endLine,omitempty"`
}

var levels = map[claim.Verdict]string{
	claim.Contradicted: "error", claim.Undocumented: "warning", claim.NotRun: "note", claim.Untestable: "note", claim.Skipped: "note",
}

// SARIF writes what needs attention, so that code hosts show it at the line.
func SARIF(w io.Writer, r *Report) error {
	r = foreign.Shown(r)
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "esconform docs", Version: r.Suite.Version, Rules: []sarifRule{}}}, Results: []sarifResult{}}
	index := map[claim.Kind]int{}
	for _, c := range r.Claims {
		level, ok := levels[c.Verdict]
		if !ok || !c.Finding() && c.Kind != claim.KindUnread && c.Verdict != claim.NotRun {
			continue
		}
		if _, known := index[c.Kind]; !known {
			index[c.Kind] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{string(c.Kind), sarifText{"What a page says of: " + strings.ReplaceAll(string(c.Kind), "-", " ")}})
		}
		res := sarifResult{
			RuleID: string(c.Kind), RuleIndex: index[c.Kind], Level: level, Message: sarifText{message(c)},
			Fingerprints: map[string]string{"esconform/v1": c.ID},
			Locations: []sarifLocation{{sarifPhysical{
				Artifact: sarifArtifact{uri(c.File)}, Region: sarifRegion{StartLine: max(c.Line, 1), EndLine: c.EndLine},
			}}},
		}
		if c.Waived != "" {
			res.Suppressions = []sarifSuppression{{"external", c.Waived}}
		}
		run.Results = append(run.Results, res)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func uri(file string) string {
	u := filepath.ToSlash(file)
	if strings.HasPrefix(u, "/") {
		return "file://" + u
	}
	return strings.ReplaceAll(u, " ", "%20")
}

// message is one finding in one sentence.
func message(c claim.Claim) string {
	parts := []string{string(c.Verdict)}
	for _, p := range []struct{ name, text string }{
		{"documented", c.Documented}, {"observed", c.Observed}, {"reason", c.Reason}, {"odd one out", c.OddOneOut},
	} {
		if p.text != "" {
			parts = append(parts, fmt.Sprintf("%s: %s", p.name, oneLine(p.text)))
		}
	}
	return strings.Join(parts, "; ")
}

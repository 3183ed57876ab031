package html

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/testkit/testruns"
)

var screenshots = flag.String("screenshots", "", "folder to write screenshots into")

// tab is a page opened in Chromium.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// chromium starts one browser for a test, or skips it.
func chromium(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("NOT TESTED IN A BROWSER: no Chromium on this machine (on Debian: apt-get install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx
}

// open writes the report of a run to disk and opens it in a tab of its own.
func open(t *testing.T, browser context.Context, run *result.Run, fragment string) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(render(t, run)), 0o644); err != nil {
		t.Fatal(err)
	}
	p := &tab{t: t}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithListener(p.listen))
	t.Cleanup(cancel)
	p.ctx = ctx
	p.do(chromedp.EmulateViewport(1280, 900))
	p.do(chromedp.Navigate("file://" + file + fragment))
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.problems) > 0 {
			t.Errorf("the browser complained:\n%s", strings.Join(p.problems, "\n"))
		}
	})
	return p
}

// listen gathers exceptions and what breaks the content security policy.
func (p *tab) listen(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, fmt.Sprint(e.ExceptionDetails))
	case *log.EventEntryAdded:
		p.problems = append(p.problems, e.Entry.Text)
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until an expression is true; only a hanging page makes it fail.
func (p *tab) wait(expression string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if eval[bool](p, expression) {
			return
		}
	}
	p.t.Fatalf("never true: %s", expression)
}

// is compares the text that an expression yields.
func (p *tab) is(what, expression, want string) {
	p.t.Helper()
	if got := eval[string](p, "String("+expression+")"); got != want {
		p.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func (p *tab) shot(name string) {
	p.t.Helper()
	if *screenshots == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

const (
	visible = `[...document.querySelectorAll(".scenario:not([hidden])")].map(s => s.id)`
	openAll = `document.querySelectorAll("details").forEach(d => { d.open = true; })`
	// allOpened is true when every scenario has its details.
	allOpened = `[...document.querySelectorAll(".scenario")].every(s => s.querySelector(".body"))`
)

func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := chromium(t)

	t.Run("order and loading", func(t *testing.T) {
		p := open(t, browser, testruns.Failing(), "")
		p.is("order", visible, "stats.last-seen.defaults-to-now,stats.update.whole-document,stats.concurrency.eight-writers,stats.search.visible-at-once,stats.metadata.deep-merge,stats.example.documented")
		p.is("things loaded", `performance.getEntriesByType("resource").length`, "0")
		p.is("details before anybody opens one", `document.querySelectorAll(".body").length`, "0")
		p.shot("failing")
	})

	t.Run("causes", func(t *testing.T) {
		run := testruns.Large(1000) // 20 of them failed for one cause
		for i := range 4 {
			run.Scenarios[i*50+7].Failure.Call = fmt.Sprintf("GET /%d", i)
		}
		p := open(t, browser, run, "")
		p.is("groups", `document.querySelectorAll(".part:first-of-type > .group").length`, "5")
		bottom := `(e => e.getBoundingClientRect().bottom <= 900)`
		p.is("on the first screen", bottom+`(document.querySelectorAll(".part:first-of-type > .group")[1])`, "true")
		p.is("the rest of a cause is folded", `document.querySelector(".more").textContent.includes("13 more scenarios") && !document.querySelector(".more").open`, "true")
		p.is("what passed is folded", `document.querySelector(".part:last-of-type").open`, "false")
		p.is("the page is short", `document.documentElement.scrollHeight < 2000`, "true")
		last := eval[string](p, `[...document.querySelectorAll(".more .scenario")].at(-1).id`)
		p.is("a link leads into what is folded", fmt.Sprintf(`(location.hash = %q, 1)`, last), "1")
		p.wait(fmt.Sprintf(`document.getElementById(%q).querySelector(".body .sides") !== null`, last))
		p.is("found", `(f => { f.value = "case-0042"; f.dispatchEvent(new Event("input", {bubbles: true})); return document.getElementById("stats.large.case-0042").checkVisibility(); })(document.querySelector("[name=text]"))`, "true")
		p.do(chromedp.Click(chromedp.CSS(`button[type=reset]`)))
		p.is("and folded again", `document.getElementById("stats.large.case-0042").checkVisibility()`, "false")
		p.shot("causes")
	})

	t.Run("deep link", func(t *testing.T) {
		p := open(t, browser, testruns.Passing(), "#stats.required.each-missing/indexed_document_count")
		p.wait(`document.querySelector(".scenario[open] .body") !== null`)
		p.is("opened", `document.querySelector(".scenario[open]").id`, "stats.required.each-missing/indexed_document_count")
		p.wait(`document.activeElement.closest(".scenario")?.id === "stats.required.each-missing/indexed_document_count"`)
		p.is("following another", `(location.hash = "stats.noop.same-last-seen", 1)`, "1")
		p.wait(`document.getElementById("stats.noop.same-last-seen").open`)
		p.shot("passing")
	})

	t.Run("filters", func(t *testing.T) {
		p := open(t, browser, testruns.Failing(), "")
		p.do(chromedp.Click(chromedp.CSS(`.chip[data-outcome=error]`)))
		p.is("by outcome", visible, "stats.search.visible-at-once")
		p.is("count", `document.querySelector(".shown").textContent`, "1 of 6 scenarios and 1 of 6 requirements")
		p.do(chromedp.Click(chromedp.CSS(`.chip[data-outcome=waived]`)))
		p.is("by two outcomes", visible, "stats.search.visible-at-once,stats.metadata.deep-merge")
		p.do(chromedp.Click(chromedp.CSS(`button[type=reset]`)))
		p.is("cleared", `document.querySelectorAll(".scenario:not([hidden])").length`, "6")
		p.do(chromedp.SendKeys(chromedp.CSS(`input[name=text]`), "TIME of"))
		p.is("by text", visible, "stats.last-seen.defaults-to-now")
		p.do(chromedp.Click(chromedp.CSS(`button[type=reset]`)))
		p.is("by profile", `(f => { f.value = "resilience"; f.dispatchEvent(new Event("input", {bubbles: true})); return `+visible+`; })(document.querySelector("[name=profile]"))`, "stats.concurrency.eight-writers")
		p.is("a deep link clears filters", `(location.hash = "stats.example.documented", 1)`, "1")
		p.wait(`document.getElementById("stats.example.documented").open`)
		p.is("none hidden", `document.querySelectorAll(".scenario[hidden]").length`, "0")
		p.is("requirements unfolded", `document.querySelectorAll(".profile").forEach((d) => { d.open = true; })`, "undefined")
		p.do(chromedp.Click(chromedp.CSS(`.requirements [data-show="stats.metadata.merge"]`)))
		p.is("by requirement", visible, "stats.metadata.deep-merge")
	})

	t.Run("keyboard", func(t *testing.T) {
		p := open(t, browser, testruns.Failing(), "")
		p.do(chromedp.KeyEvent("/"))
		p.is("slash goes to the search", `document.activeElement.name`, "text")
		p.do(chromedp.KeyEvent("noop"))
		p.is("typing filters", visible, "")
		p.do(chromedp.KeyEvent(kb.Escape))
		p.is("escape clears", `document.querySelectorAll(".scenario:not([hidden])").length`, "6")
		p.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab))
		p.is("tab reaches the first cause", `document.activeElement.parentElement.className`, "group")
		p.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
		p.is("tab reaches the first scenario", `document.activeElement.closest(".scenario")?.id`, "stats.last-seen.defaults-to-now")
		p.do(chromedp.KeyEvent(kb.Enter))
		p.wait(`document.querySelector(".scenario[open] .body") !== null`)
	})

	t.Run("evidence", func(t *testing.T) {
		p := open(t, browser, testruns.Failing(), "#stats.update.whole-document")
		p.wait(`document.querySelector(".scenario[open] .sides") !== null`)
		marks := `[...document.querySelectorAll(".scenario[open] SIDE mark")].map(m => m.textContent)`
		p.is("marked in expected", strings.Replace(marks, "SIDE", ".expected", 1), "1,2")
		p.is("marked in actual", strings.Replace(marks, "SIDE", ".actual", 1), "2,1")
		p.is("what is required", `document.querySelector(".scenario[open] .required").textContent`, "The target MUST keep requirement stats.update.only-counts. stats.update.only-counts")
		p.is("steps", `document.querySelectorAll(".scenario[open] .step").length`, "3")
		p.is("the exchange that shows it is open", `document.querySelector(".exchange[open] .status").textContent`, "200")
		p.is("stubbed", `(navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }, 1)`, "1")
		p.do(chromedp.Click(chromedp.CSS(`.exchange[open] .copy`)))
		p.wait(`window.copied !== undefined`)
		p.is("copied", `window.copied`, `curl "$ES/_connector/_sync_job/esconform-7f3a-1" -H "Authorization: $ES_AUTH"`)
	})

	t.Run("flaky shows both evidences", func(t *testing.T) {
		p := open(t, browser, testruns.Failing(), "#stats.concurrency.eight-writers")
		p.wait(`document.querySelector(".scenario[open] .body") !== null`)
		p.is("endings", `[...document.querySelectorAll(".scenario[open] h4")].map(h => h.textContent)`, "Steps,passed 4 times,failed once,2 exchanges")
	})

	t.Run("numbers stay as they were written", func(t *testing.T) {
		run := testruns.Passing()
		run.Scenarios[0].Exchanges[0].Response.Body = `{"n":9007199254740993,"d":1.0,"s":"a\"{,}:\\","e":{ },"l":[1,[]]}`
		p := open(t, browser, run, "#stats.example.documented")
		p.wait(`document.querySelector(".exchange") !== null`)
		p.do(chromedp.Click(chromedp.CSS(`.exchange summary`)))
		p.wait(`document.querySelectorAll(".exchange[open] .block").length === 3`)
		p.is("indented", `[...document.querySelectorAll(".exchange[open] .block pre")].at(-1).textContent`,
			"{\n  \"n\": 9007199254740993,\n  \"d\": 1.0,\n  \"s\": \"a\\\"{,}:\\\\\",\n  \"e\": {},\n  \"l\": [\n    1,\n    []\n  ]\n}")
		p.is("pressed", `([...document.querySelectorAll(".exchange[open] .block .copy")].at(-1).click(), 1)`, "1")
		p.is("as it was sent", `[...document.querySelectorAll(".exchange[open] .block pre")].at(-1).textContent`, run.Scenarios[0].Exchanges[0].Response.Body)
	})

	t.Run("capped evidence", func(t *testing.T) {
		run := testruns.Passing()
		sc := &run.Scenarios[0]
		sc.Sent.Requests, sc.Exchanges = 9, slices.Repeat(sc.Exchanges, 3)
		*sc = sc.Capped()
		p := open(t, browser, run, "#stats.example.documented")
		p.wait(`document.querySelector(".exchange") !== null`)
		p.is("exchanges", `document.querySelectorAll(".exchange").length`, "2")
		p.is("what was left out", `document.querySelector(".body > p.small:last-child").textContent.includes("Of 9 exchanges")`, "true")
		p.shot("capped")
	})

	t.Run("nothing from a server runs", func(t *testing.T) {
		run := testruns.Hostile()
		p := open(t, browser, run, "#stats.hostile")
		p.is("all opened", openAll, "undefined")
		p.wait(`document.querySelectorAll(".exchange[open] pre").length > 0`)
		p.is("title is not taken over", `document.title.startsWith("nonconformant")`, "true")
		p.is("images", `document.images.length`, "0")
		p.is("scripts", `document.scripts.length`, "2")
		p.is("no link runs a script", `[...document.links].filter(a => a.protocol === "javascript:").length`, "0")
		p.is("shown as it was sent", `[...document.querySelectorAll(".exchange pre")].some(e => e.textContent.includes("<img src=x onerror="))`, "true")
		p.shot("hostile")
	})

	t.Run("a narrow screen", func(t *testing.T) {
		for name, run := range map[string]*result.Run{"passing": testruns.Passing(), "failing": testruns.Failing(), "inconclusive": testruns.Inconclusive(), "hostile": testruns.Hostile()} {
			p := open(t, browser, run, "")
			p.do(chromedp.EmulateViewport(360, 740))
			p.is("opened", openAll, "undefined")
			p.wait(allOpened)
			p.is(name+" fits", `document.documentElement.scrollWidth <= 360`, "true")
			p.shot("narrow-" + name)
		}
	})

	t.Run("dark", func(t *testing.T) {
		p := open(t, browser, testruns.Failing(), "#stats.concurrency.eight-writers")
		background := `getComputedStyle(document.body).backgroundColor`
		p.is("light", background, "rgb(251, 251, 250)")
		p.media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
		p.is("dark", background, "rgb(20, 23, 26)")
		p.shot("dark")
	})

	t.Run("print", func(t *testing.T) {
		many := open(t, browser, testruns.Large(1000), "") // 20 of them failed for one cause
		many.is("one of each cause", `(window.dispatchEvent(new Event("beforeprint")), document.querySelectorAll(".scenario[open] .body").length)`, "1")
		p := open(t, browser, testruns.Failing(), "")
		p.is("before", `(window.dispatchEvent(new Event("beforeprint")), document.querySelectorAll(".scenario[open] .body").length)`, "5")
		p.media(emulation.SetEmulatedMediaParams{Media: "print"})
		p.is("filters on paper", `getComputedStyle(document.querySelector(".filters")).display`, "none")
		p.shot("print")
		p.is("after", `(window.dispatchEvent(new Event("afterprint")), document.querySelectorAll(".scenario[open]").length)`, "0")
	})

	t.Run("a thousand scenarios", func(t *testing.T) {
		p := open(t, browser, testruns.Large(1000), "")
		p.is("listed", `document.querySelectorAll(".scenario").length`, "1000")
		// What makes a page slow is the number of its elements.
		if n := eval[int](p, `document.querySelectorAll("*").length`); n > 15000 {
			t.Errorf("%d elements: the details must not be built before they are opened", n)
		}
		t.Logf("loaded in %.0f ms", eval[float64](p, `performance.getEntriesByType("navigation")[0].domComplete`))
		t.Logf("filtered in %.1f ms", eval[float64](p, `(() => { const t = performance.now(); const f = document.querySelector("[name=text]"); f.value = "case-0042"; f.dispatchEvent(new Event("input", {bubbles: true})); document.body.offsetHeight; return performance.now() - t; })()`))
		p.is("found", visible, "stats.large.case-0042")
	})
}

func (p *tab) media(params emulation.SetEmulatedMediaParams) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, params)
		return err
	}))
}

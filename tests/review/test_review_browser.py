"""The page as a person meets it: in a real Chromium, without a network."""

import time

import pytest
import review_sample as sample
from sample_page import page

from translator.model import State
from translator.review.standalone import SCRIPTS, STYLES

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROWS = [row for item in sample.post().items for row in item.rows]
SEEN = "article.row:visible"
CONTRASTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, below) => { const a = top[3] ?? 1; return [0, 1, 2].map((i) => a * top[i] + (1 - a) * below[i]); };
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("script, .skip, .hidden, :disabled")) continue;
    let fade = 1;
    for (let e = element; e; e = e.parentElement) fade *= Number(getComputedStyle(e).opacity);
    const below = ground(element);
    const ink = over([...parse(getComputedStyle(element).color).slice(0, 3), fade], below);
    const [a, b] = [light(ink), light(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const name = `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`;
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${name}`);
  }
  return found;
}"""


@pytest.fixture
def post(show):
    return show(page(sample.post()))


def left(post, count):
    """Wait until so many rows are to be seen."""
    sync_api = pytest.importorskip("playwright.sync_api")
    sync_api.expect(post.locator(SEEN)).to_have_count(count)


def press(post, name):
    post.locator(f'[data-filter="{name}"]').click()


def test_everything_is_there(post):
    assert post.locator(SEEN).count() == len(ROWS)
    assert post.title() == "MXNet 设计笔记：从命令式到符号式 · 对照 Duizhao"
    assert post.locator(".zh").first.get_attribute("lang") == "zh-Hans"
    assert post.locator(".en").first.get_attribute("lang") == "en"


def test_progress_counts(post):
    done = sum(row.state.is_done for row in ROWS)
    told = " ".join(post.locator(".progress p").inner_text().split())
    assert told == f"{done} of {len(ROWS)} approved · {100 * done // len(ROWS)} %"
    widths = {
        bar.get_attribute("class"): int(bar.get_attribute("width")) for bar in post.locator(".progress rect").all()
    }
    assert widths == {state: sum(row.state is state for row in ROWS) for state in State}
    assert "Machine draft" in post.locator(".banner").inner_text()


@pytest.mark.parametrize("state", State)
def test_a_state_is_filtered(post, state):
    press(post, state)
    wanted = [row.key for row in ROWS if row.state is state]
    assert [row.get_attribute("data-key") for row in post.locator(SEEN).all()] == wanted
    assert post.locator("output").inner_text() == f"{len(wanted)} shown"
    assert post.locator('[aria-pressed="true"]').get_attribute("data-filter") == state
    press(post, "all")
    assert post.locator(SEEN).count() == len(ROWS)


def test_what_needs_a_person_is_filtered(post):
    press(post, "needs")
    assert post.locator(SEEN).count() == sum(row.needs_person for row in ROWS)
    assert not post.locator(".kept:visible").count()


def test_findings_are_filtered(post):
    press(post, "findings")
    assert post.locator(SEEN).count() == sum(bool(row.findings) for row in ROWS)
    assert post.locator(".findings:visible").count() == post.locator(SEEN).count()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("沐神", 2),
        ("BATH god", 1),
        ("ＭＸＮｅｔ", 4),
        ("cxxnet", 1),
        ("whenever", 1),
        ("line number against", 1),
        ("没有这个", 0),
    ],
)
def test_search(post, typed, shown):
    post.locator("input[type=search]").fill(typed)
    left(post, shown)
    assert post.locator(".nothing").is_visible() == (shown == 0)


def test_search_and_filter_together(post):
    press(post, "draft")
    post.locator("input[type=search]").fill("沐神")
    left(post, 1)
    post.locator("input[type=search]").press("Escape")
    left(post, len(ROWS))


def test_search_waits_for_the_end_of_a_composition(post):
    post.evaluate("""() => {
      const input = document.querySelector("input[type=search]");
      input.value = "mu";
      input.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
    }""")
    post.wait_for_timeout(400)
    assert post.locator(SEEN).count() == len(ROWS)
    post.evaluate(
        "document.querySelector('input[type=search]')"
        ".dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}))"
    )
    left(post, sum("mu" in f"{row.source}\n{row.target}\n{row.other}\n{row.note}".lower() for row in ROWS))


def test_a_term_tells_on_hover(post):
    assert post.locator("#tip").is_hidden()
    post.locator('.term:has-text("自动求导")').first.hover()
    assert "自动求导 → automatic differentiation" in post.locator("#tip").inner_text()
    assert "Not “derivation”." in post.locator("#tip").inner_text()
    assert post.locator(".partner").all_inner_texts() == ["自动求导", "automatic differentiation"]
    post.mouse.move(2, 2)
    post.locator("#tip").wait_for(state="hidden")


def test_the_tip_can_be_hovered_and_dismissed(post):
    post.locator('.term:has-text("自动求导")').first.hover()
    box = post.locator("#tip").bounding_box()
    post.mouse.move(box["x"] + 10, box["y"] - 4)
    post.wait_for_timeout(400)
    post.mouse.move(box["x"] + 10, box["y"] + 10)
    post.wait_for_timeout(400)
    assert post.locator("#tip").is_visible()
    post.keyboard.press("Escape")
    assert post.locator("#tip").is_hidden()


def test_a_term_tells_on_keyboard_focus(post):
    post.locator("article.conflict").focus()
    post.keyboard.press("Tab")
    post.keyboard.press("Shift+Tab")
    post.locator("article.draft .term.broken").first.focus()
    tip = post.locator("#tip").inner_text()
    assert "symbolic programming" in tip
    assert "Not rendered as the glossary says." in tip
    post.keyboard.press("Tab")
    assert "符号式编程" not in post.locator("#tip").inner_text() or post.locator("#tip").is_hidden()


def test_a_link_tells_where_it_leads_and_what_term_it_is(post):
    post.get_by_role("link", name="深盟").focus()
    tip = post.locator("#tip").inner_text()
    assert "https://github.com/dmlc" in tip
    assert "深盟 → DMLC" in tip


@pytest.mark.parametrize("width", [320, 390, 820, 1400])
def test_the_tip_stays_in_the_window(show, width):
    post = show(page(sample.post()), width=width, height=600)
    for term in post.locator(".term[tabindex]").all():
        term.focus()
        box = post.locator("#tip").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 600


def test_keys_move_and_reach_the_filter(post):
    post.keyboard.press("j")
    assert post.locator(":focus").get_attribute("id") == "s1"
    post.keyboard.press("j")
    post.keyboard.press("j")
    post.keyboard.press("k")
    assert post.locator(":focus").get_attribute("id") == "s2"
    post.keyboard.press("f")
    assert post.locator(":focus").get_attribute("data-filter") == "all"
    post.keyboard.press("ArrowRight")
    post.keyboard.press("Enter")
    assert post.locator('[aria-pressed="true"]').get_attribute("data-filter") == "needs"
    post.keyboard.press("j")
    assert "needs" in str(post.locator(":focus").evaluate("row => Object.keys(row.dataset)"))
    post.keyboard.press("/")
    post.keyboard.type("jf")
    assert post.locator("input[type=search]").input_value() == "jf"


def test_a_row_reached_by_key_is_not_under_the_bar(post):
    for _ in range(12):
        post.keyboard.press("j")
    for _ in range(8):
        post.keyboard.press("k")
    bar, row = post.locator(".bar").bounding_box(), post.locator(":focus").bounding_box()
    assert row["y"] >= bar["y"] + bar["height"] - 1


@pytest.mark.parametrize(
    "event", ["{key: 'j', isComposing: true}", "{key: 'j', keyCode: 229}", "{key: 'j', ctrlKey: true}"]
)
def test_keys_of_an_input_method_or_the_browser_do_nothing(post, event):
    post.evaluate(
        f"document.body.dispatchEvent(new KeyboardEvent('keydown', Object.assign({{bubbles: true}}, {event})))"
    )
    assert not post.locator(".here").count()


@pytest.mark.parametrize("width", [320, 390, 820, 1120, 1400])
@pytest.mark.parametrize("text", ["post", "hostile"])
def test_nothing_scrolls_sideways(show, width, text):
    window = show(page(getattr(sample, text)()), width=width)
    for fold in window.locator("summary").all():
        fold.click()
    assert window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_phone_stacks_pairs_with_labels(show):
    post = show(page(sample.post()), width=390)
    first = post.locator("article.row").first
    zh, en = first.locator(".zh").bounding_box(), first.locator(".en").bounding_box()
    assert en["y"] >= zh["y"] + zh["height"] - 1
    label = "side => getComputedStyle(side.querySelector('.words'), '::before').content"
    assert [first.locator(side).evaluate(label) for side in (".zh", ".en")] == ['"中文"', '"English"']


@pytest.mark.parametrize("width", [820, 1400])
def test_pairs_stand_side_by_side(show, width):
    post = show(page(sample.post()), width=width)
    for row in post.locator("article.row").all():
        zh, en = row.locator(".zh").bounding_box(), row.locator(".en").bounding_box()
        assert abs(zh["y"] - en["y"]) < 1
        assert en["x"] > zh["x"] + zh["width"] - 1


def test_paper_has_both_columns_and_no_bars(show):
    post = show(page(sample.post()), width=700, color_scheme="dark")
    post.emulate_media(media="print")
    assert post.locator(".bar").evaluate("bar => getComputedStyle(bar).position") == "static"
    assert post.locator(".tools").is_hidden()
    assert post.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    first = post.locator("article.row").first
    assert abs(first.locator(".zh").bounding_box()["y"] - first.locator(".en").bounding_box()["y"]) < 1
    assert post.locator("details pre").first.bounding_box()["height"] > 50
    assert post.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_contrast(show, scheme):
    post = show(page(sample.post()), height=6000, color_scheme=scheme)
    post.keyboard.press("j")
    post.locator("article.draft .term.broken").first.focus()
    assert post.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] < 128") == (scheme == "dark")
    post.wait_for_timeout(200)
    assert post.evaluate(CONTRASTS) == []


def test_less_motion(show):
    post = show(page(sample.post()), reduced_motion="reduce")
    assert post.locator("button").first.evaluate("button => getComputedStyle(button).transitionDuration") == "0s"


def test_without_a_script_everything_is_readable(show):
    post = show(page(sample.post()), java_script_enabled=False)
    assert post.locator(SEEN).count() == len(ROWS)
    assert post.locator(".tools").is_hidden()
    assert post.locator(".keys").is_hidden()
    assert post.locator(".term").first.get_attribute("title").startswith("沐神 → Mu Li · ")
    assert post.locator("#g1").is_visible()


def test_a_hostile_post_runs_nothing(show):
    post = show(page(sample.hostile()))
    for part in post.locator(".text .term[tabindex], .text .link, .text a").all()[:60]:
        part.focus()
    post.locator(".text").first.hover()
    assert post.evaluate("window.ran") is None
    assert post.locator("script").count() == len(SCRIPTS) + 2
    assert post.locator("style").count() == len(STYLES)
    assert not post.locator(
        "img, iframe, object, embed, base, form, meta[http-equiv=refresh], main svg, [style]:not(#tip)"
    ).count()
    leads = {anchor.get_attribute("href").partition(":")[0] for anchor in post.locator("main a").all()}
    assert leads <= {"http", "https", "mailto"}
    handlers = (
        "[...document.querySelectorAll('*')].flatMap((e) => [...e.attributes]).filter((a) => a.name.startsWith('on'))"
    )
    assert post.evaluate(f"{handlers}.length") == 0


def test_injected_markup_would_be_stopped_by_the_policy(chromium):
    injected = '<script>window.ran = 1</script><img src="x" onerror="window.ran = 2"></main>'
    window = chromium.new_context().new_page()
    asked = []
    window.on("request", lambda request: asked.append(request.url))
    window.set_content(page(sample.post()).replace("</main>", injected))
    assert window.locator("main script").count() == 1
    assert window.evaluate("window.ran") is None
    assert asked == []
    window.context.close()


@pytest.mark.long
def test_five_thousand_blocks_stay_quick(show):
    began = time.perf_counter()
    html = page(sample.large())
    assert time.perf_counter() - began < 20
    began = time.perf_counter()
    post = show(html)
    assert time.perf_counter() - began < 10
    spent = post.evaluate("""() => {
      const began = performance.now();
      document.querySelector('[data-filter="needs"]').click();
      document.body.getBoundingClientRect();
      const input = document.querySelector("input[type=search]");
      input.value = "gradient";
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      document.body.getBoundingClientRect();
      return performance.now() - began;
    }""")
    assert spent < 3000

package image

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlan(t *testing.T) {
	tests := []struct {
		width, height int
		want          string
	}{
		{4000, 3000, "base 1920x1440: w1920 1920x1440, w1280 1280x960, card 1200x630, w640 640x480, square 320x320, w320 320x240"},
		{3000, 4000, "base 1920x2560: w1920 1920x2560, w1280 1280x1707, card 1200x630, w640 640x853, w320 320x427, square 320x320"},
		{1280, 720, "base 1280x720: w1280 1280x720, card 1200x630, w640 640x360, square 320x320, w320 320x180"},
		{1279, 720, "base 1200x676: card 1200x630, w640 640x360, square 320x320, w320 320x180"},
		{1200, 629, "base 640x335: w640 640x335, square 320x320, w320 320x168"},
		{20_000, 700, "base 18000x630: card 1200x630, square 320x320, w1920 1920x67, w1280 1280x45, w640 640x22, w320 320x11"},
		{320, 200, "base 320x200: w320 320x200, square 200x200"},
		{50, 40, "base 50x40: w50 50x40, square 40x40"},
		{1, 1, "base 1x1: w1 1x1, square 1x1"},
		{20_000, 1, "base 20000x1: square 1x1, w1920 1920x1, w1280 1280x1, w640 640x1, w320 320x1"},
		{1, 20_000, "base 1x20000: w1 1x20000, square 1x1"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%dx%d", test.width, test.height), func(t *testing.T) {
			plan := Current().Plan(test.width, test.height)
			var steps []string
			for _, s := range plan.Steps {
				steps = append(steps, fmt.Sprintf("%s %dx%d", s.Name, s.Width, s.Height))
				if s.Width > test.width || s.Height > test.height {
					t.Errorf("%s is larger than the image", s.Name)
				}
			}
			got := fmt.Sprintf("base %dx%d: %s", plan.Base.Width, plan.Base.Height, strings.Join(steps, ", "))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKey(t *testing.T) {
	recipe := Current()
	if got, want := recipe.Key("abc", "w640", JPEG), "i/abc/"+recipe.Name()+"/w640.jpg"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := recipe.Key("abc", "card", PNG); !strings.HasSuffix(got, "/card.png") {
		t.Errorf("got %s", got)
	}
}

// Stored variants are found by the recipe's name: it may change only together
// with what comes out.
func TestRecipeName(t *testing.T) {
	if got := Current().Name(); got != "3db67f7c" {
		t.Errorf("the current recipe is %s", got)
	}
	imaging := Current()
	imaging.Codec = Imaging
	if got := imaging.Name(); got != "85df04ee" {
		t.Errorf("the recipe by imaging is %s", got)
	}
	other := Current()
	other.Quality++
	if other.Name() == Current().Name() {
		t.Error("another quality has the same name")
	}
}

func TestCodecOf(t *testing.T) {
	for setting, want := range map[string]Codec{"fast": Fast, "imaging": Imaging, "": "", "Fast": ""} {
		if got, err := CodecOf(setting); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", setting, got, err)
		}
	}
}

// A ladder alone.
func TestPlanWithoutCrops(t *testing.T) {
	plan := Recipe{Widths: []int{320, 640}}.Plan(800, 600)
	if len(plan.Steps) != 2 || plan.Steps[0].Crop || plan.Steps[1].Crop {
		t.Errorf("%+v", plan)
	}
}

// Crops around a point are planned alone, and never have a name of others.
func TestCropsAt(t *testing.T) {
	names := map[string]Focus{Current().Name(): {}}
	for _, focus := range []Focus{{X: -50, Y: 50}, {X: 1}, {Y: 1}, {}} {
		recipe := Current().CropsAt(focus)
		if other, taken := names[recipe.Name()]; taken {
			t.Errorf("%v and %v are both %s", focus, other, recipe.Name())
		}
		names[recipe.Name()] = focus
		for _, size := range []Size{{4000, 3000}, {100, 40}, {1, 1}} {
			steps := recipe.Plan(size.Width, size.Height).Steps
			if want := map[bool]int{true: 2, false: 1}[size.Width > 1200]; len(steps) != want {
				t.Errorf("%v: %+v", size, steps)
			}
			for _, step := range steps {
				if !step.Crop || step.Focus != focus {
					t.Errorf("%v: %+v", size, step)
				}
			}
		}
	}
	if name := Current().CropsAt(Focus{X: -25, Y: 50}).Name(); !strings.HasSuffix(name, "-25x100") {
		t.Errorf("named %s", name)
	}
}

func TestFocusWithin(t *testing.T) {
	for focus, want := range map[Focus][2]float64{
		{}: {30, 0}, {X: -50}: {0, 0}, {X: 50, Y: 50}: {60, 0}, {X: -10}: {20, 0}, {X: 29}: {59, 0}, {X: 31}: {60, 0},
	} {
		left, top := focus.Within(100, 50, 40, 50)
		if left != want[0] || top != want[1] {
			t.Errorf("%v: %v, %v", focus, left, top)
		}
	}
}

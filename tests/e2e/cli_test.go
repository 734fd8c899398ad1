package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// cli is the command minim, built once for all scripts.
var cli = sync.OnceValues(func() (string, error) {
	build := exec.Command("make", "--no-print-directory", "cli")
	build.Dir = filepath.Join("..", "..")
	build.Env = withoutMake(os.Environ())
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make cli: %w\n%s", err, output)
	}
	return filepath.Abs(filepath.Join(build.Dir, "build", "minim"))
})

// minim ARGUMENTS, with < for its standard input. The final line break of its output is removed.
func (r *run) command(s step) error {
	program, err := cli()
	if err != nil {
		return err
	}
	a, err := r.read(s)
	if err != nil {
		return err
	}
	args := strings.Fields(expand(strings.TrimPrefix(s.text, "minim "), r.variables))
	for i, arg := range args {
		if name, isFile := strings.CutPrefix(arg, "@"); isFile {
			args[i] = filepath.Join(r.t.TempDir(), name+".jpg")
			if err := os.WriteFile(args[i], r.files[name], 0o600); err != nil {
				return err
			}
		}
	}
	return r.hold(a, func() (answer, error) {
		command := exec.CommandContext(r.t.Context(), program, args...)
		command.Env = append(os.Environ(), "MINIM_URL="+r.base, "MINIM_KEY="+r.variables["KEY"])
		command.Stdin = strings.NewReader(strings.ReplaceAll(a.body, `\n`, "\n"))
		var out, messages bytes.Buffer
		command.Stdout, command.Stderr = &out, &messages
		err := command.Run()
		if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
			return answer{}, err
		}
		last := []byte("\n")
		return answer{status: command.ProcessState.ExitCode(), header: http.Header{"Stderr": {string(bytes.TrimSuffix(messages.Bytes(), last))}}, body: bytes.TrimSuffix(out.Bytes(), last)}, nil
	})
}

// scan reads a QR code that is drawn with half blocks on a dark terminal.
func scan(text []byte) (string, error) {
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	const module = 4
	picture := image.NewGray(image.Rect(0, 0, len([]rune(lines[0]))*module, len(lines)*2*module))
	for y, line := range lines {
		for x, half := range []rune(line) {
			for dy := range 2 * module {
				upper := dy < module
				if light := half == '█' || half == '▀' && upper || half == '▄' && !upper; light {
					for dx := range module {
						picture.SetGray(x*module+dx, y*2*module+dy, color.Gray{Y: 255})
					}
				}
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", err
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return "", fmt.Errorf("no QR code can be read: %w\n%s", err, text)
	}
	return found.GetText(), nil
}

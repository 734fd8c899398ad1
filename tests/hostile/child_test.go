package hostile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/render"
	"github.com/minim-dev/minim/shared/image/sample"
)

// The limits of one file, whatever is in it.
const (
	// maxWork is in decodes of a 12-megapixel JPEG by image/jpeg, measured in the
	// same process. The slowest files take five to seven; a decode takes about 0.2 s.
	maxWork   = 12.0
	maxMemory = 256 << 10 // KB
)

// verdict is what became of a file.
type verdict struct {
	Refusal  image.Reason  `json:"refusal,omitempty"`
	Fault    string        `json:"fault,omitempty"` // an error that is no refusal
	Short    bool          `json:"short,omitempty"` // accepted, though its end is missing
	Variants [][]byte      `json:"variants,omitempty"`
	Took     time.Duration `json:"took"`
	Work     float64       `json:"work"` // Took in decodes of the reference, see maxWork
	Peak     int           `json:"peak"` // KB
}

// TestMain lets the test binary be the process that meets the files.
func TestMain(m *testing.M) {
	if os.Getenv("HOSTILE_CHILD") == "" {
		os.Exit(m.Run())
	}
	in, out := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	m12 := newReference()
	for {
		var size uint32
		if err := binary.Read(in, binary.LittleEndian, &size); err != nil {
			return
		}
		file := make([]byte, size)
		if _, err := io.ReadFull(in, file); err != nil {
			return
		}
		if err := out.Encode(meet(file, m12)); err != nil {
			return
		}
	}
}

// meet does with a file what image-resize does, and takes the measure of it.
func meet(file []byte, r *reference) (v verdict) {
	if held() > maxMemory/8 {
		debug.FreeOSMemory()
	}
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) // the peak begins anew
	var result render.Result
	var err error
	v.Took = cost(func() { result, err = process(file) })
	v.Work = r.share(v.Took)
	v.Peak = status("VmHWM")
	if refusal, ok := errors.AsType[*image.Refusal](err); ok {
		v.Refusal = refusal.Code
		return v
	}
	if err != nil {
		v.Fault = err.Error()
		return v
	}
	v.Short = result.Truncated
	for _, variant := range result.Files {
		v.Variants = append(v.Variants, variant.Body)
	}
	return v
}

func process(file []byte) (render.Result, error) {
	info, err := image.LimitsFor(memoryMB).Inspect(file)
	if err != nil {
		return render.Result{}, err
	}
	return render.Render(context.Background(), file, info, image.Current())
}

// cost is the time that f takes, without the time in which a busy machine did
// something else.
func cost(f func()) time.Duration {
	clock, worked := time.Now(), work()
	f()
	return min(time.Since(clock), work()-worked)
}

// reference is a decode of a known file, by which the speed of this machine is known.
type reference struct {
	file []byte
	took time.Duration
}

func newReference() *reference {
	r := &reference{file: sample.JPEG(img(4_000, 3_000))}
	r.measure()
	return r
}

func (r *reference) measure() {
	r.took = max(r.took, cost(func() {
		if _, err := jpeg.Decode(bytes.NewReader(r.file)); err != nil {
			panic(err) // our own file
		}
	}))
}

// share is how many decodes of the reference a time is. If it is too many, the
// machine may have become slower meanwhile, so the reference is measured again.
func (r *reference) share(took time.Duration) float64 {
	if took.Seconds() > maxWork*r.took.Seconds() {
		r.measure()
	}
	return took.Seconds() / r.took.Seconds()
}

// work is the processor time that this process has taken.
func work() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// held is the memory that this process has now, in KB.
func held() int { return status("VmRSS") }

func status(name string) int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(text, []byte(name+":"))
	number, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
	n, _ := strconv.Atoi(string(number))
	return n
}

// prey is the process that meets the files, started anew when one kills it.
type prey struct {
	mu      sync.Mutex
	command *exec.Cmd
	in      io.WriteCloser
	out     *json.Decoder
	output  bytes.Buffer
}

// feed gives the process a file. A fault reports how the process ended, if it did.
func (p *prey) feed(t *testing.T, file []byte) verdict {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == nil {
		p.start(t)
	}
	sized := append(binary.LittleEndian.AppendUint32(nil, uint32(len(file))), file...)
	var v verdict
	_, err := p.in.Write(sized)
	if err == nil {
		err = p.out.Decode(&v)
	}
	if err != nil {
		p.in.Close()
		end := p.command.Wait()
		p.command = nil
		v.Fault = fmt.Sprintf("the process ended (%v): %.2000s", end, p.output.String())
	}
	return v
}

func (p *prey) start(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p.output.Reset()
	p.command = exec.Command(self)
	p.command.Env = append(os.Environ(), "HOSTILE_CHILD=1", "GOMAXPROCS=2")
	p.command.Stderr = &p.output
	if p.in, err = p.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = json.NewDecoder(out)
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
}

func (p *prey) stop() {
	if p.command != nil {
		p.in.Close()
		_ = p.command.Wait()
	}
}

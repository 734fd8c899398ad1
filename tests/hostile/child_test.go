package hostile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
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
)

// The limits of one file, whatever is in it.
const (
	maxTime   = time.Second
	maxMemory = 256 << 10 // KB
)

// verdict is what became of a file.
type verdict struct {
	Refusal  image.Reason  `json:"refusal,omitempty"`
	Fault    string        `json:"fault,omitempty"` // an error that is no refusal
	Short    bool          `json:"short,omitempty"` // accepted, though its end is missing
	Variants [][]byte      `json:"variants,omitempty"`
	Took     time.Duration `json:"took"`
	Peak     int           `json:"peak"` // KB
}

// TestMain lets the test binary be the process that meets the files.
func TestMain(m *testing.M) {
	if os.Getenv("HOSTILE_CHILD") == "" {
		os.Exit(m.Run())
	}
	in, out := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var size uint32
		if err := binary.Read(in, binary.LittleEndian, &size); err != nil {
			return
		}
		file := make([]byte, size)
		if _, err := io.ReadFull(in, file); err != nil {
			return
		}
		if err := out.Encode(meet(file)); err != nil {
			return
		}
	}
}

// meet does with a file what image-resize does, and takes the measure of it.
func meet(file []byte) (v verdict) {
	if held() > maxMemory/8 {
		debug.FreeOSMemory()
	}
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) // the peak begins anew
	clock, worked := time.Now(), work()
	result, err := process(file)
	// What a busy machine takes is not the file's fault.
	v.Took = min(time.Since(clock), work()-worked)
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
	said    bytes.Buffer
}

// feed gives the process a file. A fault says how the process ended, if it did.
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
		v.Fault = fmt.Sprintf("the process ended (%v): %.2000s", end, p.said.String())
	}
	return v
}

func (p *prey) start(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p.said.Reset()
	p.command = exec.Command(self)
	p.command.Env = append(os.Environ(), "HOSTILE_CHILD=1", "GOMAXPROCS=2")
	p.command.Stderr = &p.said
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

// Trillian runs the log server and the sequencer of Trillian in one process, over Trillian's storage
// in memory, for one log of CTFE.
//
//	trillian ADDRESS DIR NAME
//
// ADDRESS is where it takes gRPC, host:port. DIR holds key (SEC 1 PEM) and roots.pem, and gets
// ctfe.cfg, the configuration for ct_server, whose log is below /NAME. When ctfe.cfg is there, it serves.
package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/google/certificate-transparency-go/trillian/ctfe/configpb"
	"github.com/google/trillian"
	"github.com/google/trillian/crypto/keyspb"
	"github.com/google/trillian/extension"
	"github.com/google/trillian/log"
	"github.com/google/trillian/monitoring"
	"github.com/google/trillian/quota"
	"github.com/google/trillian/server"
	"github.com/google/trillian/server/interceptor"
	"github.com/google/trillian/storage"
	"github.com/google/trillian/storage/memory"
	"github.com/google/trillian/util/clock"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	batch = 1000                   // leaves that are sequenced at a time
	pause = 200 * time.Millisecond // between two times
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: trillian ADDRESS DIR NAME")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "trillian:", err)
		os.Exit(1)
	}
}

func run(address, dir, name string) error {
	ctx := context.Background()
	trees := memory.NewTreeStorage()
	registry := extension.Registry{
		AdminStorage:  memory.NewAdminStorage(trees),
		LogStorage:    memory.NewLogStorage(trees, monitoring.InertMetricFactory{}),
		QuotaManager:  quota.Noop(),
		MetricFactory: monitoring.InertMetricFactory{},
	}
	tree, err := storage.CreateTree(ctx, registry.AdminStorage, &trillian.Tree{
		TreeState:       trillian.TreeState_ACTIVE,
		TreeType:        trillian.TreeType_LOG,
		MaxRootDuration: durationpb.New(time.Hour),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	logs := server.NewTrillianLogRPCServer(registry, clock.System)
	if _, err := logs.InitLog(ctx, &trillian.InitLogRequest{LogId: tree.TreeId}); err != nil {
		return err
	}
	go log.NewOperationManager(log.OperationInfo{
		Registry:    registry,
		BatchSize:   batch,
		NumWorkers:  1,
		RunInterval: pause,
		TimeSource:  clock.System,
	}, log.NewSequencerManager(registry, 0)).OperationLoop(ctx)
	calls := grpc.NewServer(grpc.UnaryInterceptor(interceptor.ErrorWrapper))
	trillian.RegisterTrillianLogServer(calls, logs)
	if err := writeConfig(dir, name, tree.TreeId); err != nil {
		return err
	}
	return calls.Serve(listener)
}

// writeConfig writes ctfe.cfg as a whole, so that whoever waits for it reads all of it.
func writeConfig(dir, name string, id int64) error {
	text, err := os.ReadFile(filepath.Join(dir, "key"))
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return fmt.Errorf("the key in %s is not PEM", dir)
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	private, err := anypb.New(&keyspb.PrivateKey{Der: block.Bytes})
	if err != nil {
		return err
	}
	config, err := prototext.Marshal(&configpb.LogConfigSet{Config: []*configpb.LogConfig{{
		LogId:            id,
		Prefix:           name,
		RootsPemFile:     []string{filepath.Join(dir, "roots.pem")},
		PrivateKey:       private,
		PublicKey:        &keyspb.PublicKey{Der: public},
		MaxMergeDelaySec: 60,
	}}})
	if err != nil {
		return err
	}
	part := filepath.Join(dir, "ctfe.cfg.part")
	if err := os.WriteFile(part, config, 0o600); err != nil {
		return err
	}
	return os.Rename(part, filepath.Join(dir, "ctfe.cfg"))
}

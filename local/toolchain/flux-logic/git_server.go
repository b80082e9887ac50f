package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

type serveGitInput struct {
	// The folder of the bare repositories.
	Root string `json:"root"`
	Keys []struct {
		// One line, as ssh-keygen writes it.
		PublicKey string `json:"publicKey"`
		// The repository's folder, relative to the root, for example `contoso/orders.git`.
		Repository string `json:"repository"`
		Write      bool   `json:"write"`
	} `json:"keys"`
}

type serveGitOutput struct {
	// `127.0.0.1:<port>`
	Address string `json:"address"`
	// The line for `known_hosts`.
	KnownHosts string `json:"knownHosts"`
}

// deployKey is what a key opens.
type deployKey struct {
	repository string
	write      bool
}

// serveGit serves real repositories over SSH until the program ends, with deploy keys as GitHub has them: a key opens one repository.
// Its refusals are GitHub's (docs.github.com/authentication/troubleshooting-ssh). A stand-in: Git's own programs do the work.
func serveGit(_ context.Context, input serveGitInput) (*serveGitOutput, error) {
	keys := map[string]deployKey{}
	for _, one := range input.Keys {
		public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(one.PublicKey))
		if err != nil {
			return nil, fmt.Errorf("the key of %s: %w", one.Repository, err)
		}
		if _, known := keys[string(public.Marshal())]; known {
			return nil, fmt.Errorf("the key of %s is already in use", one.Repository)
		}
		keys[string(public.Marshal())] = deployKey{one.Repository, one.Write}
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	host, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return nil, err
	}
	settings := &ssh.ServerConfig{PublicKeyCallback: func(who ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if _, known := keys[string(key.Marshal())]; !known || who.User() != "git" {
			return nil, errors.New("permission denied")
		}
		return &ssh.Permissions{Extensions: map[string]string{"key": string(key.Marshal())}}, nil
	}}
	settings.AddHostKey(host)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go serveConnection(connection, settings, input.Root, keys)
		}
	}()
	address := listener.Addr().String()
	return &serveGitOutput{Address: address, KnownHosts: knownhosts.Line([]string{address}, host.PublicKey())}, nil
}

func serveConnection(connection net.Conn, settings *ssh.ServerConfig, root string, keys map[string]deployKey) {
	defer connection.Close()
	session, channels, requests, err := ssh.NewServerConn(connection, settings)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for offered := range channels {
		if offered.ChannelType() != "session" {
			_ = offered.Reject(ssh.UnknownChannelType, "sessions only")
			continue
		}
		channel, requests, err := offered.Accept()
		if err != nil {
			return
		}
		go serveSession(channel, requests, root, keys[session.Permissions.Extensions["key"]])
	}
}

func serveSession(channel ssh.Channel, requests <-chan *ssh.Request, root string, key deployKey) {
	defer channel.Close()
	for request := range requests {
		var asked struct{ Command string }
		if request.Type != "exec" || ssh.Unmarshal(request.Payload, &asked) != nil {
			_ = request.Reply(request.Type == "env", nil)
			continue
		}
		_ = request.Reply(true, nil)
		status := struct{ Status uint32 }{0}
		if err := runGit(channel, asked.Command, root, key); err != nil {
			fmt.Fprintf(channel.Stderr(), "ERROR: %s\n", err)
			status.Status = 1
		}
		_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(&status))
		return
	}
}

var gitCommand = regexp.MustCompile(`^git[- ](upload-pack|receive-pack) '/?([^']+)'$`)

func runGit(channel ssh.Channel, command, root string, key deployKey) error {
	parts := gitCommand.FindStringSubmatch(command)
	if parts == nil {
		return errors.New("only git over SSH is served")
	}
	if strings.TrimSuffix(parts[2], ".git") != strings.TrimSuffix(key.repository, ".git") {
		return errors.New("Repository not found.")
	}
	if parts[1] == "receive-pack" && !key.write {
		return errors.New("The key you are authenticating with has been marked as read only.")
	}
	program := exec.Command("git", parts[1], filepath.Join(root, key.repository))
	program.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	program.Stdout, program.Stderr = channel, channel.Stderr()
	input, err := program.StdinPipe()
	if err != nil {
		return err
	}
	if err := program.Start(); err != nil {
		return err
	}
	// Not waited for: a client may keep its side open until git has ended.
	go func() {
		_, _ = io.Copy(input, channel)
		input.Close()
	}()
	return program.Wait()
}

extension StandardPatterns {
  /// Syncs, reads and writes, sockets, services and what serves them.
  static let files = #"""
    # Files and the network

    [group storageSync]
    label = syncing to disk
      fsync | fdatasync | __GI_fsync | __GI_fdatasync | msync | sync_file_range | *_sync_file
      *_sync_file_* | blkdev_issue_flush | __x64_sys_fsync | __x64_sys_fdatasync | __arm64_sys_fsync
      __arm64_sys_fdatasync | __x64_sys_msync | do_fsync | vfs_fsync* | syscall.Fsync
      syscall.Fdatasync | syscall.fdatasync | golang.org/x/sys/unix.Fdatasync | os.(*File).Sync
      internal/poll.(*FD).Fsync*

    [group reading]
    label = reading
      read | pread | pread64 | preadv* | __libc_read | __libc_pread* | __GI___read | vfs_read
      ksys_read | __x64_sys_read | __x64_sys_pread64 | syscall.Read | syscall.read | syscall.Pread
      internal/poll.(*FD).Read | internal/poll.(*FD).Pread

    [group writing]
    label = writing
      write | pwrite | pwrite64 | writev | pwritev* | __libc_write | __libc_pwrite* | __GI___write
      vfs_write | ksys_write | __x64_sys_write | __x64_sys_pwrite64 | __x64_sys_writev
      io_uring_enter | syscall.Write | syscall.write | syscall.Pwrite | internal/poll.(*FD).Write
      internal/poll.(*FD).Writev | internal/poll.(*FD).Pwrite

    [group tcp]
    label = the network in the kernel
      tcp_sendmsg* | tcp_recvmsg* | tcp_write_xmit | tcp_ack | tcp_v4_* | tcp_v6_* | tcp_rcv_*
      tcp_data_queue* | tcp_push* | __tcp_* | tcp_clean_rtx_queue* | ip_queue_xmit | __ip_queue_xmit
      ip_local_deliver* | ip_rcv* | ip_output | ip_finish_output* | inet_sendmsg | inet_recvmsg
      inet6_*msg | sock_sendmsg* | sock_recvmsg* | sock_write_iter | sock_read_iter | __sys_sendto
      __sys_recvfrom | ___sys_sendmsg | net_rx_action | __netif_receive_skb* | dev_queue_xmit*
      __dev_queue_xmit | loopback_xmit | process_backlog | skb_copy_datagram* | napi_*
      unix_stream_*msg

    [group transport]
    label = HTTP, gRPC and TLS
      net/http.* | net/http/internal* | golang.org/x/net/http2* | google.golang.org/grpc*
      crypto/tls.* | net/textproto.* | vendor/golang.org/x/net/* | grpc::* | grpc_core::* | SSL_read*
      SSL_write* | NIOHTTP1.* | NIOSSL.*

    [group middleware]
    label = middleware
    only = own code
      *Interceptor* | *iddleware*

    [group requestHandler]
    label = request handlers
      *_Handler | *Interceptor* | *ServeHTTP* | *).handleStream* | *processUnaryRPC* | *HandlerFunc*
      vb_op_search | vb_op_insert | vb_op_delete

    [group downstream]
    label = calls to other services
      net/http.(*Client).Do | net/http.(*Client).do | net/http.(*Client).Post*
      net/http.(*Client).Get | net/http.(*Transport).RoundTrip | net/http.(*persistConn).roundTrip
      *grpc.(*ClientConn).Invoke | *grpc.(*clientStream).RecvMsg | *grpc.(*clientStream).SendMsg
      *redis.(*Client).* | *redis.(*baseClient).* | *redigo*.Do | database/sql.(*DB).* | *pgx*.Query*
      *pgx*.Exec*

    [group clientPool]
    label = clients and their pools
      *redis.(*Client).* | *redis.(*baseClient).* | *redis/*/pool.* | *redis/internal/pool.*
      *redigo*Pool* | database/sql.(*DB).conn* | database/sql.(*DB).putConn* | *pgxpool* | *puddle*
      net/http.(*Transport).* | *grpc.(*ClientConn).* | *memcache.(*Client).*

    [group connecting]
    label = making connections
      net/http.(*Transport).dialConn* | net.(*Dialer).Dial* | net.Dial* | crypto/tls.(*Conn).*andshake*
      *grpc/internal/transport.NewClientTransport* | SSL_connect | syscall.Connect
      __x64_sys_connect | __arm64_sys_connect

    [group serviceLoop]
    label = service loops
      *Loop | *Loop.* | *loop | *workerMain* | *WorkerMain* | *.Run | *).run | *.run() | *reader).*
      *keepalive* | *controller* | vb_op_background | vb_op_flush | vb_op_compact

    [group profiler]
    label = the profiler itself
    # Not runtime/pprof.Do: all that a program does under a label stands on it.
      net/http/pprof.* | runtime/pprof.profileWriter | runtime/pprof.(*profileBuilder).*
      runtime/pprof.(*Profile).* | runtime/pprof.write* | runtime/pprof.print*
      runtime/pprof.StartCPUProfile | runtime/pprof.StopCPUProfile | runtime/pprof.WriteHeapProfile
    # What the runtime does to record a wait or an allocation, on the way of whoever waits.
      runtime.blockevent | runtime.mutexevent | runtime.saveblockevent | runtime.mProf_Malloc
      runtime.profilealloc
    """#
}

using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Sessions;

namespace MdmOrleans.Benchmarks.Hosts;

/// <summary>Stands where a grain would: takes every credential, and has the same verdict for everybody.</summary>
internal sealed class EchoDevice(TimeProvider time) : IDeviceCheckIns, IDeviceSessions
{
    private static readonly Task<ConnectReply> Welcome = Task.FromResult(new ConnectReply(ConnectResult.Accepted, Epoch: 1, Commands: []));

    public Task<Outcome<Verdict>> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<Verdict>>(new Verdict
        {
            Lifecycle = LifecycleState.Active,
            Compliance = ComplianceStatus.Compliant,
            Access = AccessLevel.Allow,
            Findings = [],
            Policy = new PolicyVersion("baseline", 1),
            Commands = [],
            NextCheckInSeconds = 900,
            ServerTime = time.GetUtcNow(),
        });

    public Task<Problem?> TellAsync(string type, Utf8Block payload, SessionEpoch session, int epoch, CancellationToken cancellationToken) =>
        Task.FromResult<Problem?>(null);

    public Task<ConnectReply> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken) => Welcome;

    public Task DisconnectAsync(SessionEpoch session, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Problem?> LoseAsync(SessionEpoch session, ConnectionLoss loss, CancellationToken cancellationToken) => Task.FromResult<Problem?>(null);
}
